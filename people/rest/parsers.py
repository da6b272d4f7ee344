"""Bodies that are not JSON."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser


class CsvParser(BaseParser):
    """`text/csv`, handed on as the bytes that came: reading them is the importer's."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return bytes(stream.read())
