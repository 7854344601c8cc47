"""The twenty fields of a charge data record (CDRInfo), in the protocol's wire order."""

from __future__ import annotations

from ochp_desktop.records.fields import Field, Need, RecordKind, headers
from ochp_desktop.records.value_ids import ContractIdType, Identifier
from ochp_desktop.records.value_place import Country, ObisCode
from ochp_desktop.records.value_time import Duration, OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType
from ochp_desktop.texts import N_

SOURCE = "OCHP 0.1, 4.2"

CDRS = RecordKind(
    name="cdrs",
    label=N_("Charge data records"),
    key=("infraProviderId", "cdrId"),
    fields=(
        Field(
            name="cdrId",
            label=N_("CDR id"),
            type=Identifier(),
            need=Need.MANDATORY,
            width=18,
            help=N_(
                "The record's number. Each infrastructure provider may use a number only once: "
                "it is how a record is known for ever."
            ),
            source=SOURCE,
            example="2026-10-000123",
            synonyms=headers(
                "cdrlId | CDR | CDR number | CDR nr | Record id | Session id | Transaction id | CDR-nummer | "
                "Sessie-id | Transactie-id | Transactienummer | CDR-Nummer | Datensatz-ID | Vorgangsnummer | "
                "Ladevorgang-ID | Transaktions-ID | Numéro de CDR | ID de session | ID de transaction | "
                "Session number | Session nr | Transaction number | Sessienummer | Sessie nr | Laadsessie-id | "
                "Laadsessie nr | Sitzungs-ID | Sitzungsnummer | Sitzung Nr | Ladevorgang Nr | Ladevorgangsnummer | "
                "Transaktionsnummer | N° de session | Numéro de session | N° de transaction | Numéro de transaction"
            ),
        ),
        Field(
            name="startDatetime",
            label=N_("Start"),
            type=OffsetDateTime(),
            need=Need.MANDATORY,
            width=26,
            help=N_(
                "When the session began: local time with its offset from UTC, as 2026-10-01T11:45:30+02:00. "
                "The offset is +01:00 in winter and +02:00 in summer in most of Western Europe."
            ),
            source=SOURCE,
            example="2026-10-01T11:45:30+02:00",
            synonyms=headers(
                "Start date | Start time | Start date time | Starttime | Begin | Session start | Starttijd | "
                "Startdatum | Begintijd | Begindatum | Begin laadsessie | Startzeit | Startzeitpunkt | Beginn | "
                "Ladebeginn | Début | Date de début | Heure de début"
            ),
        ),
        Field(
            name="endDatetime",
            label=N_("End"),
            type=OffsetDateTime(),
            need=Need.MANDATORY,
            width=26,
            help=N_("When the session ended, written like the start. It may not be before the start."),
            source=SOURCE,
            example="2026-10-01T13:02:10+02:00",
            synonyms=headers(
                "End date | End time | End date time | Stop | Stop time | Session end | Eindtijd | Einddatum | "
                "Eind | Einde | Einde laadsessie | Stoptijd | Endzeit | Endzeitpunkt | Enddatum | Ende | Ladeende | Fin"
                " | Date de fin | Heure de fin"
            ),
        ),
        Field(
            name="duration",
            label=N_("Duration"),
            type=Duration(),
            need=Need.OPTIONAL,
            width=10,
            help=N_("How long the session took, H:MM:SS: 0:00:28. Hours may pass 24."),
            source=SOURCE,
            example="1:16:40",
            synonyms=headers(
                "Session time | Charging time | Duur | Laadtijd | Laadduur | Dauer | Ladedauer | Durée | Durée "
                "de charge"
            ),
        ),
        Field(
            name="volume",
            label=N_("Volume (kWh)"),
            type=Volume(),
            need=Need.MANDATORY,
            width=12,
            help=N_(
                "The energy delivered in kWh, with a decimal comma and exactly four decimals: 12,4500. "
                "At most four digits before the comma."
            ),
            source=SOURCE,
            example="12,4500",
            synonyms=headers(
                "Volume | kWh | Energy | Energy (kWh) | Energy kWh | Consumption | Volume kWh | Verbruik | "
                "Verbruik (kWh) | Energie | Energie (kWh) | Geladen kWh | Energiemenge | Menge | Menge (kWh) | "
                "Verbrauch | Verbrauch (kWh) | Énergie | Énergie (kWh) | Consommation | Consommation (kWh) | "
                "Energie in kWh | Energie kWh | Energy in kWh | Énergie en kWh | Verbrauch in kWh | "
                "Verbruik in kWh | Menge in kWh"
            ),
        ),
        Field(
            name="chargePointAddress",
            label=N_("Address"),
            type=ValueType(),
            need=Need.OPTIONAL,
            width=24,
            help=N_("Street and house number of the charge point."),
            source=SOURCE,
            example="Stationsplein 12",
            synonyms=headers(
                "Charge point address | Street | Location address | Adres | Straat | Adres laadpaal | Adresse | "
                "Straße | Strasse | Anschrift | Rue"
            ),
        ),
        Field(
            name="chargePointZip",
            label=N_("Postcode"),
            type=ValueType(),
            need=Need.OPTIONAL,
            width=10,
            help=N_("Postcode of the charge point, as its country writes it."),
            source=SOURCE,
            example="6811 KG",
            synonyms=headers(
                "Charge point zip | Zip | Zip code | Postal code | Post code | PLZ | Postleitzahl | Code postal"
            ),
        ),
        Field(
            name="chargePointCity",
            label=N_("City"),
            type=ValueType(),
            need=Need.OPTIONAL,
            width=16,
            help=N_("Town or city of the charge point."),
            source=SOURCE,
            example="Arnhem",
            synonyms=headers("Charge point city | Town | Plaats | Stad | Woonplaats | Stadt | Ort | Ville | Commune"),
        ),
        Field(
            name="chargePointCountry",
            label=N_("Country"),
            type=Country(),
            need=Need.OPTIONAL,
            width=8,
            help=N_("Country of the charge point in the three letters of ISO 3166-1: NLD, DEU, BEL, FRA."),
            source=SOURCE,
            example="NLD",
            synonyms=headers(
                "Charge point country | Country code | Land | Landcode | Ländercode | Länderkennung | Pays | Code pays"
            ),
        ),
        Field(
            name="chargePointType",
            label=N_("Charge point type"),
            type=ValueType(),
            need=Need.OPTIONAL,
            width=14,
            help=N_("The kind of charge point, in the words agreed with your partners: AC or DC, for example."),
            source=SOURCE,
            example="AC",
            synonyms=headers(
                "Station type | Type laadpunt | Type laadpaal | Laadpunttype | Ladepunkttyp | Ladesäulentyp | "
                "Type de borne"
            ),
        ),
        Field(
            name="productType",
            label=N_("Product"),
            type=ValueType(),
            need=Need.MANDATORY,
            width=12,
            help=N_("What was delivered, in the words agreed with your partners: AC 11 kW, for example."),
            source=SOURCE,
            example="AC 11 kW",
            synonyms=headers(
                "Product type | Producttype | Soort product | Produkt | Produkttyp | Produktart | Produit | Type"
                " de produit"
            ),
        ),
        Field(
            name="tariffType",
            label=N_("Tariff"),
            type=ValueType(),
            need=Need.MANDATORY,
            width=12,
            help=N_("The tariff that applies, in the words agreed with your partners."),
            source=SOURCE,
            example="Standard",
            synonyms=headers(
                "Tariff type | Rate | Price plan | Tarief | Tarieftype | Tarif | Tariftyp | Tarifart | Type de tarif"
            ),
        ),
        Field(
            name="authenticationId",
            label=N_("Card (authentication id)"),
            type=Identifier(),
            need=Need.OPTIONAL,
            width=18,
            help=N_(
                "The card that was held to the charge point: the token id (RFID) as it stands in the roaming list."
            ),
            source=SOURCE,
            example="9F3A07C4",
            synonyms=headers(
                "Authentication id | Card | Auth id | UID | RFID | RFID UID | Token id | Token | Tag id | Card "
                "number | Kaart | Kaartnummer | Laadpas | Pasnummer | Karte | Kartennummer | Ladekarte | "
                "Karten-UID | Karten-ID | Kaart-UID | Token UID | Carte | Badge | Numéro de carte | N° de badge | "
                "Numéro de badge"
            ),
        ),
        Field(
            name="evcoId",
            label=N_("Contract id"),
            type=ContractIdType(),
            need=Need.MANDATORY,
            width=20,
            help=N_(
                "The contract of the customer who charged (EVCO-ID): it says who pays. "
                "Blanks, hyphens and case do not matter when contract ids are compared."
            ),
            source=SOURCE,
            example="NL-TNM-C00122045-K",
            synonyms=headers(
                "evcold | EVCO-ID | evco id | EMAID | eMA-ID | Contract | Contract number | External id | "
                "Contractnummer | Contract nr | Vertrags-ID | Vertrag | Vertragsnummer | Vertragskennung | ID de"
                " contrat | Identifiant de contrat | Numéro de contrat | Contrat | N° de contrat"
            ),
        ),
        Field(
            name="meterId",
            label=N_("Meter"),
            type=Identifier(),
            need=Need.MANDATORY,
            width=16,
            help=N_("Number of the meter that measured the volume."),
            source=SOURCE,
            example="MTR-004711",
            synonyms=headers(
                "meterid | Meter id | Meter number | Meter serial | Meternummer | Zähler | Zählernummer | "
                "Zähler-ID | Compteur | Numéro de compteur"
            ),
        ),
        Field(
            name="obisCode",
            label=N_("OBIS code"),
            type=ObisCode(),
            need=Need.OPTIONAL,
            width=12,
            help=N_(
                "The register of the meter that was read: 1-1:1.8.0 is the total of the energy taken from the grid."
            ),
            source=SOURCE,
            example="1-1:1.8.0",
            synonyms=headers("OBIS | OBIS-code | Register | OBIS-Kennzahl | OBIS-Code | Code OBIS"),
        ),
        Field(
            name="chargePointId",
            label=N_("Charge point id"),
            type=Identifier(),
            need=Need.MANDATORY,
            width=18,
            help=N_("The physical socket that was used, as its operator names it."),
            source=SOURCE,
            example="POLDER-0012-1",
            synonyms=headers(
                "Charge point | Chargepoint | Chargepoint id | Charger | Socket | Station | Station id | "
                "Laadpunt | Laadpunt-id | Laadpaal | Laadpaalnummer | Ladepunkt | Ladepunkt-ID | Ladesäule | "
                "Ladestation | Borne | Point de charge | ID de la borne"
            ),
        ),
        Field(
            name="serviceProviderId",
            label=N_("Service provider"),
            type=Identifier(),
            need=Need.MANDATORY,
            width=16,
            help=N_("Who receives the record: the provider whose customer charged, by its id in the clearing house."),
            source=SOURCE,
            example="Ladenetz",
            synonyms=headers(
                "Service provider id | EMP | MSP | eMSP | Recipient | Ontvanger | Dienstverlener | Service "
                "provider-id | Empfänger | Fahrstromanbieter | Dienstanbieter | Destinataire | Fournisseur de "
                "service"
            ),
        ),
        Field(
            name="infraProviderId",
            label=N_("Infra provider"),
            type=Identifier(),
            need=Need.MANDATORY,
            width=16,
            help=N_(
                "Who sends the record: the provider at whose charge point the customer charged, "
                "by its id in the clearing house."
            ),
            source=SOURCE,
            example="e-laad",
            synonyms=headers(
                "Infra provider id | Infrastructure provider | CPO | Operator | Sender | Afzender | Exploitant |"
                " Beheerder | Absender | Betreiber | Ladesäulenbetreiber | Infrastrukturbetreiber | Expéditeur |"
                " Opérateur | Exploitant de borne"
            ),
        ),
        Field(
            name="evseId",
            label=N_("EVSE id"),
            type=Identifier(),
            need=Need.OPTIONAL,
            width=20,
            help=N_("The charging place's public id (EVSE-ID), where it has one: NL*PLD*E0012*1."),
            source=SOURCE,
            example="NL*PLD*E0012*1",
            synonyms=headers("evseld | EVSE | EVSE-ID | EVSEID | Outlet id | Ladeplatz | ID EVSE"),
        ),
    ),
)
