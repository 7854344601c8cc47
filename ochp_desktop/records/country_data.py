# ruff: noqa: E501 - one country on one line
"""The countries of ISO 3166-1: their codes of three and two letters and their names in four languages.

Names as in the Unicode CLDR (Unicode License v3), English; Dutch; German; French.
"""

from __future__ import annotations

# Alpha-3, alpha-2, then the names.
COUNTRY_TABLE = """
ABW AW Aruba;Aruba;Aruba;Aruba
AFG AF Afghanistan;Afghanistan;Afghanistan;Afghanistan
AGO AO Angola;Angola;Angola;Angola
AIA AI Anguilla;Anguilla;Anguilla;Anguilla
ALA AX Åland Islands;Åland;Ålandinseln;Îles Åland
ALB AL Albania;Albanië;Albanien;Albanie
AND AD Andorra;Andorra;Andorra;Andorre
ARE AE United Arab Emirates;Verenigde Arabische Emiraten;Vereinigte Arabische Emirate;Émirats arabes unis
ARG AR Argentina;Argentinië;Argentinien;Argentine
ARM AM Armenia;Armenië;Armenien;Arménie
ASM AS American Samoa;Amerikaans-Samoa;Amerikanisch-Samoa;Samoa américaines
ATA AQ Antarctica;Antarctica;Antarktis;Antarctique
ATF TF French Southern Territories;Franse Gebieden in de zuidelijke Indische Oceaan;Französische Süd- und Antarktisgebiete;Terres australes françaises
ATG AG Antigua & Barbuda;Antigua en Barbuda;Antigua und Barbuda;Antigua-et-Barbuda
AUS AU Australia;Australië;Australien;Australie
AUT AT Austria;Oostenrijk;Österreich;Autriche
AZE AZ Azerbaijan;Azerbeidzjan;Aserbaidschan;Azerbaïdjan
BDI BI Burundi;Burundi;Burundi;Burundi
BEL BE Belgium;België;Belgien;Belgique
BEN BJ Benin;Benin;Benin;Bénin
BES BQ Caribbean Netherlands;Caribisch Nederland;Karibische Niederlande;Pays-Bas caribéens
BFA BF Burkina Faso;Burkina Faso;Burkina Faso;Burkina Faso
BGD BD Bangladesh;Bangladesh;Bangladesch;Bangladesh
BGR BG Bulgaria;Bulgarije;Bulgarien;Bulgarie
BHR BH Bahrain;Bahrein;Bahrain;Bahreïn
BHS BS Bahamas;Bahama’s;Bahamas;Bahamas
BIH BA Bosnia & Herzegovina;Bosnië en Herzegovina;Bosnien und Herzegowina;Bosnie-Herzégovine
BLM BL St. Barthélemy;Saint-Barthélemy;St. Barthélemy;Saint-Barthélemy
BLR BY Belarus;Belarus;Belarus;Biélorussie
BLZ BZ Belize;Belize;Belize;Belize
BMU BM Bermuda;Bermuda;Bermuda;Bermudes
BOL BO Bolivia;Bolivia;Bolivien;Bolivie
BRA BR Brazil;Brazilië;Brasilien;Brésil
BRB BB Barbados;Barbados;Barbados;Barbade
BRN BN Brunei;Brunei;Brunei Darussalam;Brunei
BTN BT Bhutan;Bhutan;Bhutan;Bhoutan
BVT BV Bouvet Island;Bouveteiland;Bouvetinsel;Île Bouvet
BWA BW Botswana;Botswana;Botsuana;Botswana
CAF CF Central African Republic;Centraal-Afrikaanse Republiek;Zentralafrikanische Republik;République centrafricaine
CAN CA Canada;Canada;Kanada;Canada
CCK CC Cocos (Keeling) Islands;Cocoseilanden;Kokosinseln;Îles Cocos
CHE CH Switzerland;Zwitserland;Schweiz;Suisse
CHL CL Chile;Chili;Chile;Chili
CHN CN China;China;China;Chine
CIV CI Côte d’Ivoire;Ivoorkust;Côte d’Ivoire;Côte d’Ivoire
CMR CM Cameroon;Kameroen;Kamerun;Cameroun
COD CD Congo - Kinshasa;Congo-Kinshasa;Kongo-Kinshasa;Congo-Kinshasa
COG CG Congo - Brazzaville;Congo-Brazzaville;Kongo-Brazzaville;Congo-Brazzaville
COK CK Cook Islands;Cookeilanden;Cookinseln;Îles Cook
COL CO Colombia;Colombia;Kolumbien;Colombie
COM KM Comoros;Comoren;Komoren;Comores
CPV CV Cape Verde;Kaapverdië;Cabo Verde;Cap-Vert
CRI CR Costa Rica;Costa Rica;Costa Rica;Costa Rica
CUB CU Cuba;Cuba;Kuba;Cuba
CUW CW Curaçao;Curaçao;Curaçao;Curaçao
CXR CX Christmas Island;Christmaseiland;Weihnachtsinsel;Île Christmas
CYM KY Cayman Islands;Kaaimaneilanden;Kaimaninseln;Îles Caïmans
CYP CY Cyprus;Cyprus;Zypern;Chypre
CZE CZ Czechia;Tsjechië;Tschechien;Tchéquie
DEU DE Germany;Duitsland;Deutschland;Allemagne
DJI DJ Djibouti;Djibouti;Dschibuti;Djibouti
DMA DM Dominica;Dominica;Dominica;Dominique
DNK DK Denmark;Denemarken;Dänemark;Danemark
DOM DO Dominican Republic;Dominicaanse Republiek;Dominikanische Republik;République dominicaine
DZA DZ Algeria;Algerije;Algerien;Algérie
ECU EC Ecuador;Ecuador;Ecuador;Équateur
EGY EG Egypt;Egypte;Ägypten;Égypte
ERI ER Eritrea;Eritrea;Eritrea;Érythrée
ESH EH Western Sahara;Westelijke Sahara;Westsahara;Sahara occidental
ESP ES Spain;Spanje;Spanien;Espagne
EST EE Estonia;Estland;Estland;Estonie
ETH ET Ethiopia;Ethiopië;Äthiopien;Éthiopie
FIN FI Finland;Finland;Finnland;Finlande
FJI FJ Fiji;Fiji;Fidschi;Fidji
FLK FK Falkland Islands;Falklandeilanden;Falklandinseln;Îles Malouines
FRA FR France;Frankrijk;Frankreich;France
FRO FO Faroe Islands;Faeröer;Färöer;Îles Féroé
FSM FM Micronesia;Micronesia;Mikronesien;Micronésie
GAB GA Gabon;Gabon;Gabun;Gabon
GBR GB United Kingdom;Verenigd Koninkrijk;Vereinigtes Königreich;Royaume-Uni
GEO GE Georgia;Georgië;Georgien;Géorgie
GGY GG Guernsey;Guernsey;Guernsey;Guernesey
GHA GH Ghana;Ghana;Ghana;Ghana
GIB GI Gibraltar;Gibraltar;Gibraltar;Gibraltar
GIN GN Guinea;Guinee;Guinea;Guinée
GLP GP Guadeloupe;Guadeloupe;Guadeloupe;Guadeloupe
GMB GM Gambia;Gambia;Gambia;Gambie
GNB GW Guinea-Bissau;Guinee-Bissau;Guinea-Bissau;Guinée-Bissau
GNQ GQ Equatorial Guinea;Equatoriaal-Guinea;Äquatorialguinea;Guinée équatoriale
GRC GR Greece;Griekenland;Griechenland;Grèce
GRD GD Grenada;Grenada;Grenada;Grenade
GRL GL Greenland;Groenland;Grönland;Groenland
GTM GT Guatemala;Guatemala;Guatemala;Guatemala
GUF GF French Guiana;Frans-Guyana;Französisch-Guayana;Guyane française
GUM GU Guam;Guam;Guam;Guam
GUY GY Guyana;Guyana;Guyana;Guyana
HKG HK Hong Kong SAR China;Hongkong SAR van China;Sonderverwaltungsregion Hongkong;R.A.S. chinoise de Hong Kong
HMD HM Heard & McDonald Islands;Heard en McDonaldeilanden;Heard und McDonaldinseln;Îles Heard-et-MacDonald
HND HN Honduras;Honduras;Honduras;Honduras
HRV HR Croatia;Kroatië;Kroatien;Croatie
HTI HT Haiti;Haïti;Haiti;Haïti
HUN HU Hungary;Hongarije;Ungarn;Hongrie
IDN ID Indonesia;Indonesië;Indonesien;Indonésie
IMN IM Isle of Man;Isle of Man;Isle of Man;Île de Man
IND IN India;India;Indien;Inde
IOT IO British Indian Ocean Territory;Brits Indische Oceaanterritorium;Britisches Territorium im Indischen Ozean;Territoire britannique de l’océan Indien
IRL IE Ireland;Ierland;Irland;Irlande
IRN IR Iran;Iran;Iran;Iran
IRQ IQ Iraq;Irak;Irak;Irak
ISL IS Iceland;IJsland;Island;Islande
ISR IL Israel;Israël;Israel;Israël
ITA IT Italy;Italië;Italien;Italie
JAM JM Jamaica;Jamaica;Jamaika;Jamaïque
JEY JE Jersey;Jersey;Jersey;Jersey
JOR JO Jordan;Jordanië;Jordanien;Jordanie
JPN JP Japan;Japan;Japan;Japon
KAZ KZ Kazakhstan;Kazachstan;Kasachstan;Kazakhstan
KEN KE Kenya;Kenia;Kenia;Kenya
KGZ KG Kyrgyzstan;Kirgizië;Kirgisistan;Kirghizstan
KHM KH Cambodia;Cambodja;Kambodscha;Cambodge
KIR KI Kiribati;Kiribati;Kiribati;Kiribati
KNA KN St. Kitts & Nevis;Saint Kitts en Nevis;St. Kitts und Nevis;Saint-Christophe-et-Niévès
KOR KR South Korea;Zuid-Korea;Südkorea;Corée du Sud
KWT KW Kuwait;Koeweit;Kuwait;Koweït
LAO LA Laos;Laos;Laos;Laos
LBN LB Lebanon;Libanon;Libanon;Liban
LBR LR Liberia;Liberia;Liberia;Liberia
LBY LY Libya;Libië;Libyen;Libye
LCA LC St. Lucia;Saint Lucia;St. Lucia;Sainte-Lucie
LIE LI Liechtenstein;Liechtenstein;Liechtenstein;Liechtenstein
LKA LK Sri Lanka;Sri Lanka;Sri Lanka;Sri Lanka
LSO LS Lesotho;Lesotho;Lesotho;Lesotho
LTU LT Lithuania;Litouwen;Litauen;Lituanie
LUX LU Luxembourg;Luxemburg;Luxemburg;Luxembourg
LVA LV Latvia;Letland;Lettland;Lettonie
MAC MO Macao SAR China;Macau SAR van China;Sonderverwaltungsregion Macau;R.A.S. chinoise de Macao
MAF MF St. Martin;Saint-Martin;St. Martin;Saint-Martin
MAR MA Morocco;Marokko;Marokko;Maroc
MCO MC Monaco;Monaco;Monaco;Monaco
MDA MD Moldova;Moldavië;Republik Moldau;Moldavie
MDG MG Madagascar;Madagaskar;Madagaskar;Madagascar
MDV MV Maldives;Maldiven;Malediven;Maldives
MEX MX Mexico;Mexico;Mexiko;Mexique
MHL MH Marshall Islands;Marshalleilanden;Marshallinseln;Îles Marshall
MKD MK North Macedonia;Noord-Macedonië;Nordmazedonien;Macédoine du Nord
MLI ML Mali;Mali;Mali;Mali
MLT MT Malta;Malta;Malta;Malte
MMR MM Myanmar (Burma);Myanmar (Birma);Myanmar;Myanmar (Birmanie)
MNE ME Montenegro;Montenegro;Montenegro;Monténégro
MNG MN Mongolia;Mongolië;Mongolei;Mongolie
MNP MP Northern Mariana Islands;Noordelijke Marianen;Nördliche Marianen;Îles Mariannes du Nord
MOZ MZ Mozambique;Mozambique;Mosambik;Mozambique
MRT MR Mauritania;Mauritanië;Mauretanien;Mauritanie
MSR MS Montserrat;Montserrat;Montserrat;Montserrat
MTQ MQ Martinique;Martinique;Martinique;Martinique
MUS MU Mauritius;Mauritius;Mauritius;Maurice
MWI MW Malawi;Malawi;Malawi;Malawi
MYS MY Malaysia;Maleisië;Malaysia;Malaisie
MYT YT Mayotte;Mayotte;Mayotte;Mayotte
NAM NA Namibia;Namibië;Namibia;Namibie
NCL NC New Caledonia;Nieuw-Caledonië;Neukaledonien;Nouvelle-Calédonie
NER NE Niger;Niger;Niger;Niger
NFK NF Norfolk Island;Norfolk;Norfolkinsel;Île Norfolk
NGA NG Nigeria;Nigeria;Nigeria;Nigeria
NIC NI Nicaragua;Nicaragua;Nicaragua;Nicaragua
NIU NU Niue;Niue;Niue;Niue
NLD NL Netherlands;Nederland;Niederlande;Pays-Bas
NOR NO Norway;Noorwegen;Norwegen;Norvège
NPL NP Nepal;Nepal;Nepal;Népal
NRU NR Nauru;Nauru;Nauru;Nauru
NZL NZ New Zealand;Nieuw-Zeeland;Neuseeland;Nouvelle-Zélande
OMN OM Oman;Oman;Oman;Oman
PAK PK Pakistan;Pakistan;Pakistan;Pakistan
PAN PA Panama;Panama;Panama;Panama
PCN PN Pitcairn Islands;Pitcairneilanden;Pitcairninseln;Îles Pitcairn
PER PE Peru;Peru;Peru;Pérou
PHL PH Philippines;Filipijnen;Philippinen;Philippines
PLW PW Palau;Palau;Palau;Palaos
PNG PG Papua New Guinea;Papoea-Nieuw-Guinea;Papua-Neuguinea;Papouasie-Nouvelle-Guinée
POL PL Poland;Polen;Polen;Pologne
PRI PR Puerto Rico;Puerto Rico;Puerto Rico;Porto Rico
PRK KP North Korea;Noord-Korea;Nordkorea;Corée du Nord
PRT PT Portugal;Portugal;Portugal;Portugal
PRY PY Paraguay;Paraguay;Paraguay;Paraguay
PSE PS Palestinian Territories;Palestijnse gebieden;Palästinensische Autonomiegebiete;Territoires palestiniens
PYF PF French Polynesia;Frans-Polynesië;Französisch-Polynesien;Polynésie française
QAT QA Qatar;Qatar;Katar;Qatar
REU RE Réunion;Réunion;Réunion;La Réunion
ROU RO Romania;Roemenië;Rumänien;Roumanie
RUS RU Russia;Rusland;Russland;Russie
RWA RW Rwanda;Rwanda;Ruanda;Rwanda
SAU SA Saudi Arabia;Saoedi-Arabië;Saudi-Arabien;Arabie saoudite
SDN SD Sudan;Soedan;Sudan;Soudan
SEN SN Senegal;Senegal;Senegal;Sénégal
SGP SG Singapore;Singapore;Singapur;Singapour
SGS GS South Georgia & South Sandwich Islands;Zuid-Georgia en Zuidelijke Sandwicheilanden;Südgeorgien und die Südlichen Sandwichinseln;Géorgie du Sud-et-les Îles Sandwich du Sud
SHN SH St. Helena;Sint-Helena;St. Helena;Sainte-Hélène
SJM SJ Svalbard & Jan Mayen;Spitsbergen en Jan Mayen;Spitzbergen und Jan Mayen;Svalbard et Jan Mayen
SLB SB Solomon Islands;Salomonseilanden;Salomonen;Îles Salomon
SLE SL Sierra Leone;Sierra Leone;Sierra Leone;Sierra Leone
SLV SV El Salvador;El Salvador;El Salvador;Salvador
SMR SM San Marino;San Marino;San Marino;Saint-Marin
SOM SO Somalia;Somalië;Somalia;Somalie
SPM PM St. Pierre & Miquelon;Saint-Pierre en Miquelon;St. Pierre und Miquelon;Saint-Pierre-et-Miquelon
SRB RS Serbia;Servië;Serbien;Serbie
SSD SS South Sudan;Zuid-Soedan;Südsudan;Soudan du Sud
STP ST São Tomé & Príncipe;Sao Tomé en Principe;São Tomé und Príncipe;Sao Tomé-et-Principe
SUR SR Suriname;Suriname;Suriname;Suriname
SVK SK Slovakia;Slowakije;Slowakei;Slovaquie
SVN SI Slovenia;Slovenië;Slowenien;Slovénie
SWE SE Sweden;Zweden;Schweden;Suède
SWZ SZ Eswatini;Eswatini;Eswatini;Eswatini
SXM SX Sint Maarten;Sint-Maarten;Sint Maarten;Saint-Martin (partie néerlandaise)
SYC SC Seychelles;Seychellen;Seychellen;Seychelles
SYR SY Syria;Syrië;Syrien;Syrie
TCA TC Turks & Caicos Islands;Turks- en Caicoseilanden;Turks- und Caicosinseln;Îles Turques-et-Caïques
TCD TD Chad;Tsjaad;Tschad;Tchad
TGO TG Togo;Togo;Togo;Togo
THA TH Thailand;Thailand;Thailand;Thaïlande
TJK TJ Tajikistan;Tadzjikistan;Tadschikistan;Tadjikistan
TKL TK Tokelau;Tokelau;Tokelau;Tokelau
TKM TM Turkmenistan;Turkmenistan;Turkmenistan;Turkménistan
TLS TL Timor-Leste;Oost-Timor;Timor-Leste;Timor oriental
TON TO Tonga;Tonga;Tonga;Tonga
TTO TT Trinidad & Tobago;Trinidad en Tobago;Trinidad und Tobago;Trinité-et-Tobago
TUN TN Tunisia;Tunesië;Tunesien;Tunisie
TUR TR Türkiye;Turkije;Türkei;Turquie
TUV TV Tuvalu;Tuvalu;Tuvalu;Tuvalu
TWN TW Taiwan;Taiwan;Taiwan;Taïwan
TZA TZ Tanzania;Tanzania;Tansania;Tanzanie
UGA UG Uganda;Oeganda;Uganda;Ouganda
UKR UA Ukraine;Oekraïne;Ukraine;Ukraine
UMI UM U.S. Outlying Islands;Kleine afgelegen eilanden van de Verenigde Staten;Amerikanische Überseeinseln;Îles mineures éloignées des États-Unis
URY UY Uruguay;Uruguay;Uruguay;Uruguay
USA US United States;Verenigde Staten;Vereinigte Staaten;États-Unis
UZB UZ Uzbekistan;Oezbekistan;Usbekistan;Ouzbékistan
VAT VA Vatican City;Vaticaanstad;Vatikanstadt;État de la Cité du Vatican
VCT VC St. Vincent & Grenadines;Saint Vincent en de Grenadines;St. Vincent und die Grenadinen;Saint-Vincent-et-les Grenadines
VEN VE Venezuela;Venezuela;Venezuela;Venezuela
VGB VG British Virgin Islands;Britse Maagdeneilanden;Britische Jungferninseln;Îles Vierges britanniques
VIR VI U.S. Virgin Islands;Amerikaanse Maagdeneilanden;Amerikanische Jungferninseln;Îles Vierges des États-Unis
VNM VN Vietnam;Vietnam;Vietnam;Viêt Nam
VUT VU Vanuatu;Vanuatu;Vanuatu;Vanuatu
WLF WF Wallis & Futuna;Wallis en Futuna;Wallis und Futuna;Wallis-et-Futuna
WSM WS Samoa;Samoa;Samoa;Samoa
YEM YE Yemen;Jemen;Jemen;Yémen
ZAF ZA South Africa;Zuid-Afrika;Südafrika;Afrique du Sud
ZMB ZM Zambia;Zambia;Sambia;Zambie
ZWE ZW Zimbabwe;Zimbabwe;Simbabwe;Zimbabwe
"""
