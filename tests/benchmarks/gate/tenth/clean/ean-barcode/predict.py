"""Draws EAN-13 barcodes."""

import re
import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011"]
LEFT += ["0110001", "0101111", "0111011", "0110111", "0001011"]
PARITY = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG"]
PARITY += ["LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
FLIP = str.maketrans("01", "10")


class Output(BaseModel):
    number: str
    image: Path


def check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return str(-total % 10)


def bars(number: str) -> str:
    left = ""
    for digit, kind in zip(number[1:7], PARITY[int(number[0])], strict=True):
        code = LEFT[int(digit)]
        left += code if kind == "L" else code.translate(FLIP)[::-1]
    right = "".join(LEFT[int(digit)].translate(FLIP) for digit in number[7:])
    return f"101{left}01010{right}101"


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="barcodes-"))

    def predict(
        self,
        number: str = Input(
            description="12 digits, or 13 with the check digit. Spaces and hyphens are skipped.",
            default="200000012345",
            max_length=40,
        ),
        scale: int = Input(description="Width of the thinnest bar in px", default=2, ge=1, le=10),
        height: int = Input(description="Height of the bars in px", default=80, ge=10, le=600),
        quiet_zone: int = Input(
            description="Empty space left and right, in units of the thinnest bar",
            default=11,
            ge=0,
            le=40,
        ),
        rotate: bool = Input(description="Turn it by 90 degrees", default=False),
    ) -> Output:
        digits = re.sub("[ -]", "", number)
        if not re.fullmatch("[0-9]{12,13}", digits):
            raise ValueError("number must have 12 or 13 digits")
        if len(digits) == 13 and digits[12] != check_digit(digits):
            raise ValueError("the last of the 13 digits is not the right check digit")
        full = digits[:12] + check_digit(digits)
        pattern = bars(full)
        picture = Image.new("L", (len(pattern) + 2 * quiet_zone, 1), 255)
        for place, bit in enumerate(pattern, start=quiet_zone):
            picture.putpixel((place, 0), 0 if bit == "1" else 255)
        picture = picture.resize((picture.width * scale, height), Image.Resampling.NEAREST)
        if rotate:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
        path = self.folder / "barcode.png"
        picture.save(path)
        return Output(full, path)
