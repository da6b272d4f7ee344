# People, teams, capabilities, tokens and the audit trail.

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import people.models.audit
import people.models.user
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='work email')),
                ('job_role', models.CharField(blank=True, db_index=True, max_length=120, verbose_name='job role')),
                ('region', models.CharField(blank=True, max_length=80, verbose_name='region')),
                ('locale', models.CharField(default='en-GB', max_length=35, verbose_name='locale')),
                ('timezone', models.CharField(blank=True, max_length=64, validators=[people.models.user.validate_timezone], verbose_name='time zone')),
                ('start_date', models.DateField(blank=True, null=True, verbose_name='start date')),
                ('attributes', models.JSONField(blank=True, default=dict, verbose_name='attributes')),
                ('pseudonym', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ('first_name', 'last_name', 'username'),
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='what it is for')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='AttributeDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='key')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('type', models.CharField(choices=[('text', 'text'), ('number', 'number'), ('date', 'date'), ('boolean', 'yes or no'), ('version', 'version'), ('list', 'list of texts')], max_length=10, verbose_name='type')),
                ('sensitive', models.BooleanField(default=False, help_text='Its values are never shown to others, not in counts or reasons either.', verbose_name='sensitive')),
            ],
            options={
                'verbose_name': 'attribute',
                'verbose_name_plural': 'attributes',
                'ordering': ('key',),
                'constraints': [models.CheckConstraint(condition=models.Q(('type__in', ['text', 'number', 'date', 'boolean', 'version', 'list'])), name='attribute_type_known')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('managers', models.ManyToManyField(blank=True, related_name='managed_teams', to=settings.AUTH_USER_MODEL, verbose_name='managers')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.team', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ('name',),
            },
        ),
        migrations.AddField(
            model_name='user',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='people.team', verbose_name='team'),
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('object_type', models.CharField(max_length=40, verbose_name='kind of thing')),
                ('object_key', models.CharField(max_length=200, verbose_name='thing')),
                ('data', models.JSONField(default=dict, verbose_name='details')),
                ('transaction_id', people.models.audit.TransactionIdField(db_default=people.models.audit.CurrentTransactionId(), editable=False)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit trail',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['transaction_id', 'id'], name='audit_by_transaction'), models.Index(fields=['object_type', 'object_key', '-id'], name='audit_by_object')],
            },
        ),
        migrations.CreateModel(
            name='GroupCapability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capability', models.CharField(choices=[('suggest', 'suggest edits'), ('review', 'review suggestions and flags'), ('see_answers', 'see right answers'), ('edit', 'edit and save versions'), ('release', 'release to some, roll back, kill'), ('release_all', 'release to everyone'), ('waive', 'waive a gate'), ('edit_audiences', 'edit audiences'), ('figures_by_person', 'see figures by person'), ('figures_by_team', 'see figures by team'), ('observe', 'observe and sign off'), ('operate', 'manage people, channels and credentials'), ('all_collections', 'work in every collection')], max_length=40, verbose_name='capability')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capabilities', to='auth.group', verbose_name='group')),
            ],
            options={
                'verbose_name': 'capability of a group',
                'verbose_name_plural': 'capabilities of groups',
                'constraints': [models.UniqueConstraint(fields=('group', 'capability'), name='capability_once_per_group'), models.CheckConstraint(condition=models.Q(('capability__in', ['suggest', 'review', 'see_answers', 'edit', 'release', 'release_all', 'waive', 'edit_audiences', 'figures_by_person', 'figures_by_team', 'observe', 'operate', 'all_collections'])), name='capability_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='team_not_its_own_parent'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['team'], name='user_active_by_team'),
        ),
    ]
