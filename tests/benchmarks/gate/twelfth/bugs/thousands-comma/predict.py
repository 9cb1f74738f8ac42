"""Quotes: works out a price and writes it as a table."""

import tempfile

from cog import BasePredictor, Input, Path

DISCOUNTS = [(100, 0.10), (20, 0.05), (1, 0.0)]
VAT = {"none": 0.0, "reduced": 0.07, "full": 0.19}


def money(amount: float) -> str:
    """Two decimals, easy to read."""
    return f"{amount:,.2f}"


def quoted(text: str) -> str:
    """A cell of free text."""
    readable = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return '"' + readable.replace('"', '""') + '"'


class Predictor(BasePredictor):
    def predict(
        self,
        item: str = Input(description="What is sold.", default="Oak shelf", max_length=200),
        quantity: int = Input(
            description="Pieces; from 20 and from 100 on they are cheaper.",
            default=3,
            ge=1,
            le=1000,
        ),
        unit_price: float = Input(
            description="Price of one piece.", default=49.9, ge=0.0, le=5000.0
        ),
        vat: str = Input(description="Rate of tax.", default="full", choices=list(VAT)),
        header: bool = Input(description="Begin with the names of the columns.", default=True),
    ) -> Path:
        """Write a CSV file of five columns: item, quantity, net, tax, total."""
        discount = next(share for least, share in DISCOUNTS if quantity >= least)
        net = round(quantity * unit_price * (1 - discount), 2)
        tax = round(net * VAT[vat], 2)
        cells = [quoted(item), str(quantity), money(net), money(tax), money(net + tax)]
        lines = ["item,quantity,net,tax,total"] if header else []
        lines.append(",".join(cells))
        target = Path(tempfile.mkdtemp()) / "quote.csv"
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return target
