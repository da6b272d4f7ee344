# Written by makemigrations; the two tables of the record are made in 0002. Adjusted in place until the first landing.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assets', '0002_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('iri', models.TextField(unique=True)),
                ('type', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Verb',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('iri', models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Actor',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('account', models.TextField()),
                ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'check_identity_id', 'content_hash', blank=True, editable=False, primary_key=True, serialize=False)),
                ('content_hash', models.BinaryField(max_length=32)),
                ('tries', models.PositiveIntegerField()),
                ('right_tries', models.PositiveIntegerField()),
                ('first_right', models.BooleanField()),
                ('first_at', models.DateTimeField()),
                ('last_right', models.BooleanField()),
                ('last_at', models.DateTimeField()),
                ('first_right_at', models.DateTimeField(null=True)),
                ('last_right_at', models.DateTimeField(null=True)),
                ('check_identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.check', verbose_name='check')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'version_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('views', models.PositiveIntegerField()),
                ('asset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.asset')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version')),
            ],
            options={
                'verbose_name': 'opened version',
                'verbose_name_plural': 'opened versions',
            },
        ),
        migrations.CreateModel(
            name='TrailMark',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('transaction_id', models.BigIntegerField(default=0)),
                ('entry_id', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='trail_mark_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome_id', models.BigIntegerField(null=True)),
                ('team_id', models.BigIntegerField(null=True)),
                ('channel', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('views', models.PositiveIntegerField(default=0)),
                ('clicks', models.PositiveIntegerField(default=0)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('right', models.PositiveIntegerField(default=0)),
                ('first_answers', models.PositiveIntegerField(default=0)),
                ('first_right', models.PositiveIntegerField(default=0)),
                ('useful', models.PositiveIntegerField(default=0)),
                ('not_useful', models.PositiveIntegerField(default=0)),
                ('review_flags', models.PositiveIntegerField(default=0)),
                ('claims', models.PositiveIntegerField(default=0)),
                ('check_identity', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.check')),
                ('version', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('outcome_id__isnull', False)), fields=['outcome_id', 'day'], name='rollup_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('version', 'check_identity', 'outcome_id', 'team_id', 'channel', 'day'), name='rollup_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('check_identity', None), ('outcome_id', None), _connector='OR'), name='rollup_one_grain')],
            },
        ),
    ]
