"""Writes a day in words."""

from datetime import date

from cog import BasePredictor, Input

MONTHS = {
    ("en", "long"): "January,February,March,April,May,June,July,August,September,October,"
    "November,December",
    ("en", "short"): "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
    ("de", "long"): "Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,"
    "November,Dezember",
    ("de", "short"): "Jan.,Feb.,März,Apr.,Mai,Juni,Juli,Aug.,Sep.,Okt.,Nov.,Dez.",
    ("it", "long"): "gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,"
    "novembre,dicembre",
    ("it", "short"): "gen,feb,mar,apr,mag,giu,lug,ago,set,ott,nov dic",
    ("es", "long"): "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,"
    "noviembre,diciembre",
    ("es", "short"): "ene,feb,mar,abr,may,jun,jul,ago,sept,oct,nov,dic",
}
WEEKDAYS = {
    "en": "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
    "de": "Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag,Sonntag",
    "it": "lunedì,martedì,mercoledì,giovedì,venerdì,sabato,domenica",
    "es": "lunes,martes,miércoles,jueves,viernes,sábado,domingo",
}
PATTERNS = {
    ("en", "long"): "{month} {day}, {year}",
    ("de", "long"): "{day}. {month} {year}",
    ("de", "short"): "{day}. {month} {year}",
    ("es", "long"): "{day} de {month} de {year}",
}


class Predictor(BasePredictor):
    """Knows four languages."""

    def setup(self) -> None:
        """Split the tables."""
        self.months = {key: names.split(",") for key, names in MONTHS.items()}
        self.weekdays = {key: names.split(",") for key, names in WEEKDAYS.items()}

    def predict(
        self,
        day: str = Input(
            description="The day as YYYY-MM-DD, from the year 1000 on.",
            default="2024-05-17",
            max_length=10,
        ),
        language: str = Input(
            description="Language of the words.", default="en", choices=list(WEEKDAYS)
        ),
        style: str = Input(
            description="Length of the month's name.", default="long", choices=["long", "short"]
        ),
        weekday: bool = Input(description="Begin with the day of the week.", default=False),
        year: bool = Input(description="Name the year, too.", default=True),
    ) -> str:
        """The day in words."""
        try:
            given = date.fromisoformat(day.strip())
        except ValueError:
            raise ValueError("day: not a day such as 2024-05-17") from None
        if given.year < 1000:
            raise ValueError("day: only from the year 1000 on")
        pattern = PATTERNS.get((language, style), "{day} {month} {year}")
        if not year:
            pattern = pattern.removesuffix("{year}").removesuffix(" de ").rstrip(", ")
        month = self.months[language, style][given.month - 1]
        text = pattern.format(day=given.day, month=month, year=given.year)
        return f"{self.weekdays[language][given.weekday()]}, {text}" if weekday else text
