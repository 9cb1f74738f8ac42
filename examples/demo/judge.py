"""Says which digit and colour a picture shows; it learned from the digits, not from the model."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.svm import SVC

COLOURS = {
    "white": (1.0, 1.0, 1.0),
    "red": (1.0, 0.1, 0.1),
    "green": (0.1, 1.0, 0.1),
    "blue": (0.2, 0.2, 1.0),
    "yellow": (1.0, 1.0, 0.1),
}


class Judge:
    """A support vector classifier on scikit-learn's handwritten digits, and a colour table."""

    def __init__(self) -> None:
        pixels, labels = load_digits(return_X_y=True)
        self._classifier = SVC(gamma=0.001, C=10).fit(pixels, labels)

    def see(self, picture: Image.Image) -> tuple[int, str]:
        """Digit and colour."""
        small = np.asarray(picture.convert("RGB").resize((8, 8), Image.Resampling.BOX)) / 255
        grey = small.max(axis=2)
        digit = int(self._classifier.predict(grey.reshape(1, -1) * 16)[0])
        return digit, nearest((small * grey[:, :, None]).sum((0, 1)))


def nearest(light: NDArray[np.float64]) -> str:
    """The colour whose share of red, green and blue is closest."""
    shown = light / max(light.max(), 1e-6)
    return min(COLOURS, key=lambda name: float(((shown - np.array(COLOURS[name])) ** 2).sum()))
