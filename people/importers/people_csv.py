"""People from a CSV file: bytes to rows, then the one action.

Comma, semicolon or tab; UTF-8 or UTF-16 with or without a byte order mark; quoting as RFC 4180 says.
"""

import csv
import io
from typing import Final

from django.utils.translation import gettext as _

from people.actions.import_people import ImportRefused, ImportReport, import_people
from people.actions.import_rows import ImportProblem, PersonRow
from people.models import User

LARGEST_FILE: Final = 32 * 1024 * 1024  # bytes
MOST_ROWS: Final = 100_000
_DELIMITERS: Final = ",;\t"


def import_people_csv(
    *,
    actor: User | None,
    data: bytes,
    partial: bool = False,
    deactivate_missing: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Import the people of a CSV file. See `import_people` for the rules, the locks and the queries.

    Raises ImportRefused with every problem, each with its line and column; nothing is written then.
    """
    columns, rows = read_table(data)
    return import_people(
        actor=actor,
        columns=columns,
        rows=rows,
        partial=partial,
        deactivate_missing=deactivate_missing,
        dry_run=dry_run,
    )


def read_table(data: bytes) -> tuple[list[str], list[PersonRow]]:
    """The header, in lower case, and the rows with their line numbers; blank lines are left out.

    Raises ImportRefused for a file that is not such a table: too large, not text, ragged, empty.
    """
    text = _decode(data)
    header, _newline, _rest = text.partition("\n")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    rows: list[PersonRow] = []
    problems: list[ImportProblem] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not columns:
                    columns = [cell.strip().lower() for cell in cells]
                else:
                    _take(cells, columns, line, rows, problems)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(ImportProblem(line, "", _("This line is not valid CSV (%(error)s).") % {"error": error}))
    if not problems and not rows:
        problems.append(ImportProblem(0, "", _("The file holds no people.")))
    if problems:
        raise ImportRefused(problems)
    return columns, rows


def _take(
    cells: list[str], columns: list[str], line: int, rows: list[PersonRow], problems: list[ImportProblem]
) -> None:
    if len(cells) != len(columns):
        message = _("This line has %(cells)d cells, the header has %(columns)d.")
        problems.append(ImportProblem(line, "", message % {"cells": len(cells), "columns": len(columns)}))
    elif len(rows) >= MOST_ROWS:
        message = _("The file has more than %(most)d people. Split it.") % {"most": MOST_ROWS}
        raise ImportRefused([ImportProblem(line, "", message)])
    else:
        rows.append(PersonRow(line, {c: cell.strip() for c, cell in zip(columns, cells, strict=True)}))


def _decode(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        message = _("The file is larger than %(most)d MB. Split it.") % {"most": LARGEST_FILE // 1024 // 1024}
        raise ImportRefused([ImportProblem(0, "", message)])
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = _("This line is not UTF-8; the file looks like Latin-1 or Windows-1252. Save it as “CSV UTF-8”.")
        raise ImportRefused([ImportProblem(line, "", message)]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ImportRefused([ImportProblem(line, "", _("This is not a text file: it holds a zero byte."))])
    return text
