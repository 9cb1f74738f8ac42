"""How many words the texts in an archive have."""

import shutil
import tempfile
import zipfile
import zlib

from cog import BaseModel, BasePredictor, Input, Path


class Count(BaseModel):
    files: int
    words: int


class Predictor(BasePredictor):
    def predict(
        self,
        archive: Path = Input(description="A ZIP archive of texts, all of them in UTF-8."),
        shortest: int = Input(description="Letters to be a word.", default=1, ge=1, le=20),
    ) -> Count:
        place = tempfile.mkdtemp(prefix="texts-")
        try:
            with zipfile.ZipFile(archive) as opened:
                if sum(one.file_size for one in opened.infolist()) > 20_000_000:
                    raise ValueError("archive must not hold more than 20 MB")
                opened.extractall(place)
            texts = [file.read_text("utf-8") for file in Path(place).rglob("*") if file.is_file()]
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
            raise ValueError("archive must be a ZIP archive") from None
        except UnicodeDecodeError:
            raise ValueError("archive must hold texts in UTF-8") from None
        words = sum(len(word) >= shortest for text in texts for word in text.split())
        shutil.rmtree(place)
        return Count(files=len(texts), words=words)
