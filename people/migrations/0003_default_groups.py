"""The groups a new installation starts with: people.capabilities.DEFAULT_GROUPS on the day this was written."""

from django.db import migrations

GROUPS = {
    "Learners": [],
    "SMEs": ["suggest", "review", "observe"],
    "Authors": ["suggest", "review", "see_answers", "edit", "release", "figures_by_team"],
    "Leads": [
        "suggest",
        "review",
        "see_answers",
        "edit",
        "release",
        "release_all",
        "waive",
        "edit_audiences",
        "figures_by_team",
        "all_collections",
    ],
    "Managers": ["suggest", "figures_by_person", "figures_by_team", "observe"],
    "Operators": ["operate"],
}


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupCapability = apps.get_model("people", "GroupCapability")
    for name, capabilities in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        for capability in capabilities:
            GroupCapability.objects.get_or_create(group=group, capability=capability)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_triggers"), ("auth", "0012_alter_user_first_name_max_length")]

    # Undoing keeps the groups: people may be in them.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
