"""People from CSV: what it makes, changes and closes; every error with its place; nothing half written."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from people.actions.attributes import declare_attribute
from people.actions.import_people import ImportRefused
from people.importers.people_csv import import_people_csv, read_table
from people.models import AuditEntry, User
from tests.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db

HEADER = "username,email,first_name,last_name,team,job_role,region"


def sheet(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def take(data: bytes, **options):
    return import_people_csv(actor=None, data=data, **options)


def problems_of(data: bytes, **options) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        take(data, **options)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def refunds():
    return TeamFactory(key="refunds", name="Refunds")


def test_people_are_made_changed_and_closed(refunds):
    declare_attribute(actor=None, key="slack_id", label="Slack", value_type="text")
    declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    declare_attribute(actor=None, key="languages", label="Languages", value_type="list")
    header = HEADER + ",locale,timezone,start_date,groups,active,attr.slack_id,attr.desk,attr.languages"
    report = take(
        sheet(
            "nia,nia@example.com,Nia,Hall,refunds,,EMEA,de-DE,Europe/Berlin,2026-03-01,SMEs; learners,yes,U1,4,de; en",
            "oke,oke@example.com,Oke,Bell,,Support agent,EMEA,,,,,no,,,",
            header=header,
        )
    )
    assert [(change.username, change.what) for change in report.changes] == [("nia", "created"), ("oke", "created")]
    nia = User.objects.get(username="nia")
    assert nia.team == refunds
    assert nia.start_date == dt.date(2026, 3, 1)
    assert nia.attributes == {"slack_id": "U1", "desk": 4, "languages": ["de", "en"]}
    assert set(nia.groups.values_list("name", flat=True)) == {"SMEs", "Learners"}
    assert not nia.has_usable_password()
    oke = User.objects.get(username="oke")
    assert (oke.team, oke.locale, oke.is_active) == (None, "en-GB", False)

    again = take(
        sheet(
            "nia,nia@example.com,Nia,Hall,refunds,,APAC,de-DE,Europe/Berlin,2026-03-01,SMEs,no,U1,,de",
            "oke,oke@example.com,Oke,Bell,,Support agent,EMEA,,,,,no,,,",
            header=header,
        )
    )
    assert [(c.line, c.username, c.what, c.fields) for c in again.changes] == [
        (2, "nia", "deactivated", ("attributes", "groups", "is_active", "region"))
    ]
    assert again.unchanged == 1
    nia.refresh_from_db()
    assert nia.attributes == {"slack_id": "U1", "languages": ["de"]}
    assert set(nia.groups.values_list("name", flat=True)) == {"SMEs"}


def test_a_second_run_changes_nothing(refunds):
    data = sheet("nia,nia@example.com,Nia,Hall,refunds,Support agent,EMEA")
    take(data)
    entries = AuditEntry.objects.count()
    report = take(data)
    assert (len(report.changes), report.unchanged) == (0, 1)
    assert AuditEntry.objects.count() == entries


def test_every_error_at_once_with_line_and_column_and_nothing_written(refunds):
    declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    assert problems_of(
        sheet(
            "nia,nia@example.com,Nia,Hall,refunds,Support agent,EMEA,,,four",
            "oke,not an address,Oke,Bell,refund,Support agent,EMEA,01/03/2026,Pilots,",
            ",x@example.com,No,Name,refunds,,,,,",
            "nia,nia2@example.com,Nia,Again,refunds,,,,,",
            header=HEADER + ",start_date,groups,attr.desk",
        )
    ) == [
        "Line 2, attr.desk: “four” is not a number. Write it as 12 or 12.5.",
        "Line 3, team: No team has the key “refund”. Did you mean “refunds”?",
        "Line 3, start_date: “01/03/2026” is not a date. Write it as 2026-11-24.",
        "Line 3, groups: No group is called “Pilots”. There are: Authors, Leads, Learners, Managers, Operators, SMEs.",
        "Line 3, email: Enter a valid email address.",
        "Line 4, username: This is empty. Each line needs a username.",
        "Line 5, username: “nia” is already on line 2.",
    ]
    assert not User.objects.exists()


def test_a_missing_column_is_named():
    assert problems_of(sheet("nia,Nia,Hall,,,", header="username,first_name,last_name,team,job_role,region")) == [
        "Line 1, email: The column “email” is missing. Add it, or import only the columns in the file (partial)."
    ]
    assert problems_of(sheet("x@example.com", header="email"), partial=True) == [
        "Line 1, username: The column “username” is missing. Each line needs it to say who is meant."
    ]


def test_an_unknown_column_gets_a_hint():
    found = problems_of(sheet("nia,,,,,,,,,", header=HEADER + ",regoin,attr.nope,region"))
    assert found == [
        "Line 1, regoin: This column is not known. Did you mean “region”?",
        "Line 1, attr.nope: No attribute “nope” is declared. Declare it first, or leave the column out.",
        "Line 1, region: This column is there twice.",
    ]


def test_a_part_of_the_columns_leaves_the_rest(refunds):
    PersonFactory(username="nia", region="EMEA", team=refunds, job_role="Support agent")
    take(sheet("nia,APAC", header="username,region"), partial=True)
    nia = User.objects.get(username="nia")
    assert (nia.region, nia.team, nia.job_role) == ("APAC", refunds, "Support agent")


def test_dry_run_says_and_does_not(refunds):
    PersonFactory(username="gone")
    report = take(sheet("nia,nia@example.com,Nia,Hall,refunds,,"), dry_run=True, deactivate_missing=True)
    assert [(c.username, c.what) for c in report.changes] == [("nia", "created"), ("gone", "deactivated")]
    assert report.dry_run
    assert list(User.objects.values_list("username", "is_active")) == [("gone", True)]
    assert not AuditEntry.objects.exists()


def test_missing_people_are_closed_but_never_the_last_operator(refunds):
    operator = PersonFactory(username="root", role="operator")
    gone = PersonFactory(username="gone")
    back = PersonFactory(username="back", is_active=False)
    line = "back,back@example.com,Back,Again,refunds,,"
    with pytest.raises(Exception, match="Nobody would be left"):
        take(sheet(line), deactivate_missing=True)
    gone.refresh_from_db()
    assert gone.is_active
    import_people_csv(actor=operator, data=sheet(line), deactivate_missing=True)
    for person in (operator, gone, back):
        person.refresh_from_db()
    assert (operator.is_active, gone.is_active, back.is_active) == (True, False, True)


def test_operators_do_not_close_themselves():
    PersonFactory(role="operator")
    one = PersonFactory(username="one", role="operator")
    with pytest.raises(ImportRefused, match="your own account"):
        import_people_csv(actor=one, data=sheet("one,no", header="username,active"), partial=True)


@pytest.mark.parametrize(
    "data",
    [
        HEADER.encode() + b"\r\nnia,nia@example.com,Nia,H\xc3\xa4ll,refunds,,\r\n",
        b"\xef\xbb\xbf" + HEADER.encode() + b"\nnia,nia@example.com,Nia,H\xc3\xa4ll,refunds,,",
        HEADER.replace(",", ";").encode() + b"\n\nnia;nia@example.com;Nia;H\xc3\xa4ll;refunds;;\n",
        (HEADER.upper().replace(",", "\t") + "\nnia\tnia@example.com\tNia\tHäll\trefunds\t\t\n").encode("utf-16"),
        HEADER.encode() + b'\n"nia","nia@example.com","Nia","H\xc3\xa4ll","refunds","Support, second\nline",\n',
    ],
)
def test_what_spreadsheets_save_is_read(refunds, data):
    take(data)
    assert User.objects.get(username="nia").last_name == "Häll"


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (sheet("nia,nia@example.com,Nia,Hall,,,") + "oke,,Oké,,,,".encode("latin-1"), 3, "not UTF-8"),
        (b"", 0, "no people"),
        (sheet(), 0, "no people"),
        (sheet("nia,nia@example.com"), 2, "2 cells, the header has 7"),
        (sheet("nia,nia@example.com,Nia,Hall,,,", 'oke,"open'), 3, "not valid CSV"),
        (b"PK\x03\x04\x00\x00", 1, "zero byte"),
    ],
)
def test_what_is_no_table_is_refused(data, place, words):
    with pytest.raises(ImportRefused, match=words) as caught:
        read_table(data)
    assert caught.value.problems[0].line == place


def test_a_username_is_told_apart_by_more_than_case():
    PersonFactory(username="nia")
    assert problems_of(sheet("Nia,,,,,,")) == ["Line 2, username: “Nia” is known as “nia”. Write it the same way."]


def test_queries_do_not_grow_with_rows(refunds, django_assert_max_num_queries):
    for count, mark in ((3, "a"), (300, "b")):
        rows = [f"{mark}{n},{mark}{n}@example.com,A,B,refunds,Agent,EMEA,SMEs" for n in range(count)]
        with django_assert_max_num_queries(20):  # 12 and 6 of the docstring, and two savepoints
            take(sheet(*rows, header=HEADER + ",groups"))
        changed = [row.replace("EMEA", "APAC").replace("SMEs", "Learners") for row in rows]
        with django_assert_max_num_queries(20):
            take(sheet(*changed, header=HEADER + ",groups"))
    assert User.objects.filter(region="APAC", groups__name="Learners").count() == 303


def test_the_command_prints_problems_and_changes(tmp_path, capsys, refunds):
    file = tmp_path / "people.csv"
    file.write_bytes(sheet("nia,nia@example.com,Nia,Hall,nowhere,,"))
    with pytest.raises(CommandError, match=r"1 problems in people.csv. Nothing was changed."):
        call_command("import_people", str(file))
    assert "people.csv: Line 2, team: No team has the key “nowhere”." in capsys.readouterr().err
    file.write_bytes(sheet("nia,nia@example.com,Nia,Hall,refunds,,"))
    call_command("import_people", str(file), "--dry-run")
    assert "1 created, 0 updated" in capsys.readouterr().out
    assert not User.objects.exists()
    call_command("import_people", str(file))
    assert User.objects.get().team == refunds
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_people", str(tmp_path / "nothing.csv"))


def test_create_token_prints_one(capsys, client):
    PersonFactory(username="nia")
    call_command("create_token", "nia", "--name", "sync")
    token = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["username"] == "nia"
    with pytest.raises(CommandError, match="Nobody has the username"):
        call_command("create_token", "nobody")
