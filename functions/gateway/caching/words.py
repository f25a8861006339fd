"""Words that change what a question means, in the languages most asked in: English, German, French, Spanish, Italian, Portuguese, Russian, and the
signs of Chinese and Japanese. Lists of facts about languages; a language that is not here has only the other guards."""

from __future__ import annotations

import re
from typing import Final

NEGATIONS: Final = frozenset(
    """not no never none nobody nothing neither nor without cannot unable lacks lacking except excluding avoid stop unless
    nicht kein keine keinen keiner keinem keines nie niemals nichts niemand ohne weder außer
    ne pas jamais aucun aucune rien personne sans ni sauf
    nunca ninguno ninguna nada nadie sin tampoco excepto
    non mai nessuno nessuna niente senza né tranne
    não nem nenhum nenhuma ninguém sem exceto
    не нет ни никогда никто ничего без кроме""".split()
)
NEGATIONS_INSIDE: Final = ("不", "没", "沒", "無", "无", "别", "未", "ません", "なく", "ずに")

NUMBERS: Final = {
    word: value
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null - zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "zéro - deux trois quatre cinq six sept huit - dix onze douze",
        "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "- - due tre quattro cinque sei sette otto nove dieci undici dodici",
        "- - dois três quatro cinco seis sete oito nove dez onze doze",
        "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
        "〇 一 二 三 四 五 六 七 八 九 十",
    )
    for value, word in enumerate(line.split())
    if word != "-"
} | {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "dozen": 12,
    "hundert": 100,
    "tausend": 1000,
    "cent": 100,
    "mille": 1000,
    "cien": 100,
    "mil": 1000,
    "half": "1/2",
    "halb": "1/2",
    "twice": 2,
    "double": 2,
    "triple": 3,
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

DIGITS_INSIDE: Final = frozenset("〇一二三四五六七八九十百千万億")
TURNING: Final = (
    "un",
    "dis",
    "des",
    "dés",
    "de",
    "in",
    "im",
    "ir",
    "il",
    "non",
    "non-",
    "mis",
    "anti",
    "ver",
    "ent",
    "не",
    "без",
    "a",
    "re",
)
POLITE: Final = re.compile(
    r"(?<!\w)(?:please|(?:can|could|would|will) you|kindly|thanks|thank you|tell me|do you know|i (?:want|would like|need) to know|to me(?=\W*$)"
    r"|bitte|danke|kannst du|könnten sie|s'il (?:te|vous) plaît|merci|por favor|gracias"
    r"|puedes|per favore|grazie|obrigad[oa]|пожалуйста|спасибо)(?!\w)",
    re.IGNORECASE,
)

PRONOUNS: Final = frozenset("i i'm i've i'd i'll sie ihr ihnen ihre ihrem ihren".split())

_PAIRS: Final = """
increase/increases/increasing/raise/grow decrease/decreases/decreasing/reduce/lower/shrink
buy/buying/purchase sell/selling
before after
above/over below/under/beneath
maximum/max/most/largest/biggest/highest/longest/maximize minimum/min/least/smallest/lowest/shortest/minimize
enable/enabled/enabling/activate disable/disabled/disabling/deactivate
start/begin/starting/launch stop/end/stopping/finish/quit
open/opening close/closing/closed/shut
import/importing export/exporting
encrypt/encryption decrypt/decryption
encode/encoding decode/decoding
left right
add/adding/insert/append remove/removing/delete/erase/drop
north south east west
hot/warm/warmer cold/cool/cooler
up down
upload/uploading download/downloading
install/installing uninstall/uninstalling
login/log-in/sign-in logout/log-out/sign-out
in out
on off
ascending descending
horizontal/horizontally vertical/vertically
input output
read/reading write/writing
push/pushing pull/pulling
send/sending receive/receiving
allow/permit/allowed deny/forbid/block/prohibit/forbidden
accept/approve reject/decline/refuse
win/wins/won/winning lose/loses/lost/losing
gain/gaining lose/losing loss
briefly/concisely/short/nutshell thoroughly/extensively/comprehensively/detail/detailed/depth/length
long/longer deep/deeper wide/wider tall/taller high/higher
die/dies/died born
username password email
öffne/öffnen schließe/schließen
medicine poison
pass fail
pros/advantages/benefits cons/disadvantages/drawbacks/downsides
cause/causes effect/effects treatment/treatments symptom/symptoms prevention cure
safe unsafe/dangerous/harmful
legal illegal
possible impossible
good/better/best bad/worse/worst
big/large small/little
fast/faster/quick slow/slower
early/earlier/earliest late/later/latest
new/newer/newest old/older/oldest
rich poor
young elderly
man/men/male/boy/father/husband/son/brother woman/women/female/girl/mother/wife/daughter/sister
mother/mom father/dad
morning noon afternoon evening night midnight
today tomorrow yesterday
past future present
public private
local remote
synchronous/sync asynchronous/async
static dynamic
even odd
positive negative
true false
front back
top bottom
inside outside
long short
high low
heavy light
full empty
strong weak
cheap/cheaper/cheapest expensive/pricier/priciest
easy/easier hard/harder difficult
always sometimes never often rarely
all every some none any
credit debit
gain loss profit
arrive/arrival depart/departure
birth death born died
marry divorce
lock unlock
mount unmount
connect disconnect
show hide
expand collapse
zoom pan
merge split
who when where why how
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
spring summer autumn/fall winter
red blue green yellow black white orange purple pink brown grey/gray
km/kilometer/kilometers/kilometre/kilometres mile/miles meter/meters/metre/metres foot/feet inch/inches cm yard/yards
kg/kilogram/kilograms pound/pounds/lb/lbs ounce/ounces gram/grams ton/tons stone
celsius fahrenheit kelvin
liter/liters/litre/litres gallon/gallons cup/cups ml pint/pints
second/seconds minute/minutes hour/hours day/days week/weeks month/months year/years decade/decades century/centuries
euro/euros/eur dollar/dollars/usd pound/pounds/gbp yen/jpy yuan franc/francs rupee/rupees
python javascript typescript java c++ c# rust go/golang ruby php swift kotlin perl scala
mysql postgres/postgresql sqlite oracle mongodb redis
windows linux macos/mac android ios
aws azure gcp
english french german spanish italian portuguese russian chinese japanese korean arabic hindi dutch polish turkish
json xml yaml csv toml
king queen prince princess president
capital population area currency language flag president
dog/dogs cat/cats horse/horses bird/birds
breakfast lunch dinner
chicken beef pork fish lamb tofu
vegan vegetarian
sun moon earth mars venus jupiter saturn
kaufen verkaufen
vor nach
erhöhen senken
öffnen schließen
einschalten ausschalten
hinzufügen entfernen löschen
links rechts
größte kleinste
vorteile nachteile
erlaubt verboten
heute morgen gestern
montag dienstag mittwoch donnerstag freitag samstag sonntag
januar februar märz april mai juni juli august september oktober november dezember
deutsch englisch französisch spanisch italienisch russisch chinesisch japanisch
acheter vendre
avant après
augmenter diminuer
ouvrir fermer
activer désactiver
gauche droite
avantages inconvénients
aujourd'hui demain hier
lundi mardi mercredi jeudi vendredi samedi dimanche
comprar vender
antes después
aumentar reducir disminuir
abrir cerrar
activar desactivar
izquierda derecha
ventajas desventajas
hoy mañana ayer
lunes martes miércoles jueves viernes sábado domingo
купить продать
до после
увеличить уменьшить
открыть закрыть
включить выключить
сегодня завтра вчера
"""


def _groups(lines: str) -> list[tuple[frozenset[str], ...]]:
    return [
        tuple(frozenset(side.split("/")) for side in line.split())
        for line in lines.strip().splitlines()
        if line.strip()
    ]


_SIDES: Final = _groups(_PAIRS)
OPPOSITES: Final = tuple(_SIDES)
"""Groups of sides; words of one side mean much the same, words of two sides do not."""

_KINDS: Final = """
to from of in/inside on with for at by about into onto off as via through during until/till since against between among without
i/me/my/mine/i'm/i've/i'd/i'll/myself we/us/our/ours you/your/yours he/him/his she/her/hers they/them/their/theirs
this/these that/those
here there
now then
more/most less/fewer/least much/many few/little enough too
only also even still already again almost yet
can/could/may/might will/would should/ought must
is/are/am/isn't/aren't/do/does/don't/doesn't/has/have was/were/wasn't/weren't/did/didn't/had/hadn't
ist/sind/hat/haben/wird/werden war/waren/hatte/hatten/wurde/wurden
est/sont était/étaient
es/son/está/están era/eran/fue/fueron/estaba
each/every one both either
kurz/knapp ausführlich/genau
von/vom nach zu/zum/zur aus in/im/ins auf mit für bei/beim an/am über gegen durch um bis seit
mein/meine/meinen/meinem/meiner/mich/mir dein/deine/deinen/deinem/deiner/dich/dir sein/seine/seinen/seinem/ihn unser/unsere/uns euer/eure
à/au/aux de/du/des dans sur avec pour par chez vers en
mon/ma/mes/moi ton/ta/tes/toi son/sa/ses notre/nos votre/vos leur/leurs
a/al de/del en con para por desde hasta
mi/mis tu/tus su/sus nuestro/nuestra
из в/во на к/ко от до с/со для по о/об у
мой/моя/моё/мои/меня/мне твой/твоя/твоё/твои/тебя его её/ее наш/наша ваш/ваша их
"""
RELATIONS: Final = tuple(
    {word: number for number, side in enumerate(line.split()) for word in side.split("/")}
    for line in _KINDS.strip().splitlines()
)
"""Small words of one kind, each with the number of its side: what is whose, where, when, how much."""
RELATIONS_INSIDE: Final = {
    sign: number for number, signs in enumerate(("我", "你您", "他", "她", "它")) for sign in signs
}
# Whoever is asked how something is done is told how one does it.
HOW: Final = re.compile(
    r"\b(how) (?:do|can|could|would|should|does|may) (?:i|you|we|one|someone|somebody)\b", re.IGNORECASE
)

SMALL: Final = {
    "en": frozenset(
        """the a an is are was were be been do does did can could should would will of to in on for with and or what how my your it
        this that there i you we they me please tell""".split()
    ),
    "de": frozenset(
        """der die das den dem ein eine einen einem ist sind war und oder wie was ich du wir mein meine man für mit von zu im am
        kann soll bitte es auf""".split()
    ),
    "fr": frozenset(
        """le la les un une des du de est sont et ou que quoi comment je tu nous mon ma mes pour avec dans sur peut s'il plaît
        quel quelle""".split()
    ),
    "es": frozenset(
        """el la los las un una unos es son y o qué cómo yo mi mis para con en por favor cuál puedo puede del al se""".split()
    ),
    "it": frozenset(
        "il lo la gli le un una è sono e o che come mio mia per con nel sul qual quale posso puoi di".split()
    ),
    "pt": frozenset("o a os as um uma é são e ou que como meu minha para com em no na qual posso pode do da".split()),
    "ru": frozenset("и в на с по для как что это я мой моя мы ли или к у о из".split()),
}
EVERY_SMALL: Final = frozenset().union(*SMALL.values())
