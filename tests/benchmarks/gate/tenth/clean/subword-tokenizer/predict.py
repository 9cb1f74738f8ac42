"""Splits text into the pieces that a language model would see."""

from cog import BaseModel, BasePredictor, Input

PIECES = "the ing tion and er ed re in on at en es or al th he an is it to of ar le st ou ly un"
PAD, START, END = 0, 1, 2
BYTES = 3


class Output(BaseModel):
    count: int
    truncated: bool
    ids: list[int]
    tokens: list[str]
    offsets: list[list[int]]


class Predictor(BasePredictor):
    def setup(self) -> None:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:!?'\"()-\n"
        pieces = list(dict.fromkeys([*PIECES.split(), *letters]))
        self.ids = {piece: BYTES + 256 + number for number, piece in enumerate(pieces)}
        self.longest = max(map(len, pieces))

    def pieces(self, text: str) -> list[tuple[int, str, list[int]]]:
        """Longest match first; characters outside the vocabulary become their UTF-8 bytes."""
        found = []
        place = 0
        while place < len(text):
            for size in range(self.longest, 0, -1):
                piece = text[place : place + size]
                if piece in self.ids:
                    found.append((self.ids[piece], piece, [place, place + len(piece)]))
                    break
            else:
                piece = text[place]
                for byte in piece.encode("utf-8", "replace"):
                    found.append((BYTES + byte, f"<0x{byte:02X}>", [place, place + 1]))
            place += len(piece)
        return found

    def predict(
        self,
        text: str = Input(
            description="Text to tokenize", default="Reading in the morning.", max_length=20000
        ),
        max_length: int | None = Input(
            description="Keep at most this many tokens, special ones included (from 2 on)",
            default=None,
            ge=2,
            le=4096,
        ),
        special_tokens: bool = Input(description="Add <s> and </s>", default=False),
        pad: bool = Input(
            description="Fill up to max_length with <pad>; needs max_length", default=False
        ),
    ) -> Output:
        """`count` is the number of tokens without padding; offsets are [start, end) in
        characters of the text, and [0, 0] for special tokens."""
        if pad and max_length is None:
            raise ValueError("pad needs max_length")
        found = self.pieces(text)
        room = len(found) if max_length is None else max_length - 2 * special_tokens
        tokens = found[:room]
        if special_tokens:
            tokens = [(START, "<s>", [0, 0]), *tokens, (END, "</s>", [0, 0])]
        count = len(tokens)
        if pad and max_length is not None:
            tokens += [(PAD, "<pad>", [0, 0])] * (max_length - count)
        ids = [number for number, _, _ in tokens]
        spans = [span for _, _, span in tokens]
        return Output(count, len(found) > room, ids, [token for _, token, _ in tokens], spans)
