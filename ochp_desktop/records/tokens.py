"""The ten fields of a roaming token (RoamingAuthorisationInfo), in the protocol's wire order."""

from __future__ import annotations

from ochp_desktop.records.fields import Field, Need, RecordKind, headers
from ochp_desktop.records.value_enumeration import ACTIVATED, INFRASTRUCTURE_PROVIDER, MANDATORY, TOKEN_TYPE
from ochp_desktop.records.value_ids import ContractIdType, Pin, PrintedNumber, TokenIdType
from ochp_desktop.records.value_time import ExpiryDate
from ochp_desktop.records.values import Verbatim
from ochp_desktop.texts import N_

SOURCE = "OCHP 0.1, 4.4"

# "Optional" is about the cell: pin and hash are always on the wire, but as empty elements when there is nothing to say.
TOKENS = RecordKind(
    name="tokens",
    label=N_("Roaming tokens"),
    key=("tokenId",),
    fields=(
        Field(
            name="evcoId",
            label=N_("Contract id"),
            type=ContractIdType(),
            need=Need.MANDATORY,
            width=20,
            help=N_(
                "The customer's contract (EVCO-ID): country, provider, number and a check digit. "
                "Blanks, hyphens and case do not matter when contract ids are compared."
            ),
            source=SOURCE,
            example="NL-TNM-C00122045-K",
            synonyms=headers(
                "evcold | EVCO-ID | evco id | EMAID | eMA-ID | Contract ID | Contract | Contract number | "
                "Contractnummer | Contract nr | Contract-id | Vertrags-ID | Vertrag | Vertragsnummer | "
                "Vertragskennung | ID de contrat | Identifiant de contrat | Numéro de contrat | Contrat | N° de contrat"
            ),
        ),
        Field(
            name="roamingHubId",
            label=N_("Hub"),
            type=INFRASTRUCTURE_PROVIDER,
            need=Need.MANDATORY,
            width=12,
            help=N_(
                "The infrastructure provider the token comes from: 0 Other, 1 BlueCorner, 2 E-laad, 3 Ladenetz. "
                "Type the number or the name; the number is sent."
            ),
            source="OCHP 0.1, 4.4, 4.5",
            example="2",
            synonyms=headers(
                "Roaming hub | Roaming hub id | Hub id | Hub-ID | Roaminghub | Hub nummer | Hub-Nummer | "
                "Infrastructure provider | Roaming-Hub | Plateforme | Hub d'itinérance"
            ),
        ),
        Field(
            name="tokenType",
            label=N_("Type"),
            type=TOKEN_TYPE,
            need=Need.MANDATORY,
            width=12,
            help=N_(
                "What kind of token it is: 0 Other, 1 MifareCL (Classic card), 2 MifareDES (DESFire card), "
                "3 MSISDN (telephone number). Type the number or the name; the number is sent."
            ),
            source="OCHP 0.1, 4.4, 4.6",
            example="1",
            synonyms=headers(
                "Token type | Card type | Tokentype | Kaarttype | Soort kaart | Soort | Tokentyp | Kartentyp | "
                "Kartenart | Typ | Type de carte | Type de badge | Type de jeton"
            ),
        ),
        Field(
            name="tokenId",
            label=N_("Token id"),
            type=TokenIdType(),
            need=Need.MANDATORY,
            width=16,
            help=N_(
                "What the charge point reads: the card's UID as 8, 14 or 20 hexadecimal digits, or a telephone number "
                "with country code. It identifies the token: each may stand in the list only once."
            ),
            source=SOURCE,
            example="9F3A07C4",
            synonyms=headers(
                "UID | RFID | RFID UID | RFID-UID | Card UID | Tag id | Tag | Token | Badge UID | Chip-ID | "
                "Chipnummer | Kaart-UID | Pasnummer RFID | Karten-UID | Karten-ID | RFID-Nummer | RFID number | "
                "RFID nummer | Identifiant du badge | ID du badge | ID de jeton | UID du badge | Token UID | "
                "Chip UID | Pas-UID | Laadpas-UID | Badge | N° de badge | Numéro de badge"
            ),
        ),
        Field(
            name="printedNumber",
            label=N_("Printed number"),
            type=PrintedNumber(),
            need=Need.MANDATORY,
            width=16,
            help=N_(
                "The number printed on the card, as the customer reads it out on the telephone. Leading zeros matter."
            ),
            source=SOURCE,
            example="01200345",
            synonyms=headers(
                "Visual number | Visible number | Card number | Number on card | Kaartnummer | Pasnummer | "
                "Laadpasnummer | Gedrukt nummer | Zichtbaar nummer | Kartennummer | Aufgedruckte Nummer | "
                "Ladekartennummer | Sichtbare Nummer | Numéro de carte | Numéro imprimé | Numéro visible"
            ),
        ),
        Field(
            name="expiryDate",
            label=N_("Expires"),
            type=ExpiryDate(),
            need=Need.MANDATORY,
            width=12,
            help=N_("The last day on which the token may charge, written dd/mm/yyyy: 31/12/2027."),
            source=SOURCE,
            example="31/12/2027",
            synonyms=headers(
                "Expiry | Expiry date | Expiration date | Expires on | Valid until | Valid to | End date | "
                "Vervaldatum | Verloopdatum | Geldig tot | Geldig t/m | Einddatum | Gültig bis | Ablaufdatum | "
                "Verfallsdatum | Ablauf | Gültigkeit | Date d'expiration | Valable jusqu'au | Valide jusqu'au | "
                "Expiration | Date de validité | Fin de validité"
            ),
        ),
        Field(
            name="pin",
            label=N_("PIN"),
            type=Pin(),
            need=Need.OPTIONAL,
            width=8,
            help=N_(
                "Up to six digits; leading zeros matter. It may be empty only where no PIN is needed. "
                "It is shown as dots and never named in messages."
            ),
            source=SOURCE,
            example="0427",
            synonyms=headers(
                "PIN code | Pincode | Pin-code | PIN number | PIN-Code | PIN-Nummer | Code PIN | Code secret"
            ),
            secret=True,
        ),
        Field(
            name="pinMandatory",
            label=N_("PIN needed"),
            type=MANDATORY,
            need=Need.MANDATORY,
            width=10,
            help=N_(
                "Whether the customer must type the PIN at the charge point: 1 yes, 0 no. "
                "Where it is 1, a PIN must be given."
            ),
            source="OCHP 0.1, 4.4, 4.7",
            example="0",
            synonyms=headers(
                "PIN mandatory | PIN required | Pin verplicht | PIN nodig | Pincode verplicht | PIN Pflicht | "
                "PIN-Pflicht | PIN erforderlich | PIN notwendig | PIN nötig | PIN obligatoire | PIN requis"
            ),
        ),
        Field(
            name="tokenActivated",
            label=N_("Active"),
            type=ACTIVATED,
            need=Need.MANDATORY,
            width=10,
            help=N_(
                "Whether the token may charge at the moment: 1 yes, 0 no. "
                "Block a lost card with 0 instead of deleting its row."
            ),
            source="OCHP 0.1, 4.4, 4.8",
            example="1",
            synonyms=headers(
                "Token activated | Activated | Enabled | Card active | Geactiveerd | Actief | Aktiv | Aktiviert "
                "| Freigeschaltet | Karte aktiv | Actif | Activé | Activée | Carte active | "
                "Card status | Kaartstatus | Passtatus | Kartenstatus | Statut de la carte"
            ),
        ),
        Field(
            name="hash",
            label=N_("Hash"),
            type=Verbatim(),
            need=Need.OPTIONAL,
            width=16,
            help=N_(
                "Not defined by OCHP 0.1: whatever stands here is sent unchanged. "
                "Leave it empty unless a partner asks for it."
            ),
            source=SOURCE,
            example="",
            synonyms=headers("Hash value | Token hash | Hashwaarde | Hashwert | Empreinte | Hachage"),
        ),
    ),
)
