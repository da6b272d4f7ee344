# Written by makemigrations; adjusted in place until the first landing.

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*\\Z', 'Use small letters, digits, dots and hyphens, with slashes between parts, for example refunds/partial-refund.')], verbose_name='key')),
                ('kind', models.CharField(choices=[('guide', 'Guide'), ('checklist', 'Checklist'), ('video', 'Video'), ('scenario', 'Scenario'), ('practice', 'Practice'), ('link', 'Link'), ('snippet', 'Snippet'), ('pathway', 'Pathway')], max_length=10, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('locale', models.CharField(default='en-GB', max_length=35, verbose_name='locale')),
                ('review_by', models.DateField(blank=True, null=True, verbose_name='review by')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
                ('source', models.CharField(blank=True, max_length=500, verbose_name='source')),
                ('retired_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retired')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_assets', to=settings.AUTH_USER_MODEL, verbose_name='kept by')),
                ('translation_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='translations', to='assets.asset', verbose_name='translation of')),
            ],
            options={
                'verbose_name': 'asset',
                'verbose_name_plural': 'assets',
                'ordering': ('title', 'key'),
            },
        ),
        migrations.CreateModel(
            name='Framework',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('source', models.CharField(blank=True, max_length=500, verbose_name='source')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
            ],
            options={
                'verbose_name': 'framework',
                'verbose_name_plural': 'frameworks',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='MediaFile',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('content_type', models.CharField(max_length=80, verbose_name='type')),
                ('size', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'media file',
                'verbose_name_plural': 'media files',
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('source', models.TextField(verbose_name='source')),
                ('content_hash', models.BinaryField(max_length=32)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('words', models.PositiveIntegerField(default=0, verbose_name='words')),
                ('minutes', models.PositiveSmallIntegerField(default=1, verbose_name='minutes')),
                ('change_class', models.CharField(choices=[('editorial', 'editorial'), ('material', 'material')], max_length=10, verbose_name='change class')),
                ('change_reasons', models.JSONField(default=list, verbose_name='why this class')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='what changed')),
                ('author_name', models.CharField(blank=True, max_length=160, verbose_name='author')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saved')),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('summary', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('text', config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ('asset', '-number'),
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AssetAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='former key')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='assets.asset', verbose_name='asset')),
            ],
            options={
                'verbose_name': 'former key',
                'verbose_name_plural': 'former keys',
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, verbose_name='key')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='assets.asset', verbose_name='asset')),
            ],
            options={
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('description', models.TextField(blank=True, verbose_name='what belongs here')),
                ('learners_may_suggest', models.BooleanField(default=False, verbose_name='learners may suggest edits')),
                ('gate_settings', models.JSONField(blank=True, default=dict, verbose_name='gates')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
                ('attribution', models.TextField(blank=True, verbose_name='attribution')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead')),
            ],
            options={
                'verbose_name': 'collection',
                'verbose_name_plural': 'collections',
                'ordering': ('name',),
            },
        ),
        migrations.AddField(
            model_name='asset',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='assets.collection', verbose_name='collection'),
        ),
        migrations.CreateModel(
            name='CollectionMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('author', 'author'), ('reviewer', 'reviewer')], max_length=10, verbose_name='role')),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='assets.collection', verbose_name='collection')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collections', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'member of a collection',
                'verbose_name_plural': 'members of collections',
            },
        ),
        migrations.CreateModel(
            name='Media',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='assets.asset', verbose_name='asset')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.mediafile', verbose_name='file')),
            ],
            options={
                'verbose_name': 'media',
                'verbose_name_plural': 'media',
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='key')),
                ('statement', models.CharField(max_length=400, verbose_name='outcome')),
                ('condition', models.CharField(blank=True, max_length=300, verbose_name='condition')),
                ('measure', models.CharField(blank=True, max_length=300, verbose_name='measure')),
                ('is_group', models.BooleanField(default=False, verbose_name='a heading')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='assets.framework', verbose_name='framework')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='assets.outcome', verbose_name='part of')),
                ('prerequisites', models.ManyToManyField(blank=True, related_name='unlocks', to='assets.outcome')),
            ],
            options={
                'verbose_name': 'outcome',
                'verbose_name_plural': 'outcomes',
                'ordering': ('framework', 'position', 'statement'),
            },
        ),
        migrations.CreateModel(
            name='Rendering',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rendering', serialize=False, to='assets.version')),
                ('segments', models.JSONField()),
                ('toc', models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name='version',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assets.asset', verbose_name='asset'),
        ),
        migrations.AddField(
            model_name='version',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by'),
        ),
        migrations.CreateModel(
            name='Dependency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('item', 'pathway item'), ('link', 'link'), ('snippet', 'snippet')], max_length=10, verbose_name='kind')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('pinned', models.PositiveIntegerField(null=True, verbose_name='pinned to')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_in', to='assets.asset', verbose_name='asset used')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dependencies', to='assets.version', verbose_name='version')),
            ],
            options={
                'ordering': ('version', 'position'),
            },
        ),
        migrations.CreateModel(
            name='ReviewFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('outdated', 'Outdated'), ('wrong', 'Wrong'), ('unclear', 'Unclear'), ('broken', 'Broken')], max_length=10, verbose_name='what is the matter')),
                ('text', models.TextField(blank=True, verbose_name='where')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='raised')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_flags', to='assets.asset', verbose_name='asset')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_flags', to=settings.AUTH_USER_MODEL, verbose_name='raised by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version', verbose_name='on version')),
            ],
            options={
                'verbose_name': 'review flag',
                'verbose_name_plural': 'review flags',
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='what changes')),
                ('reason', models.TextField(blank=True, verbose_name='why')),
                ('source', models.TextField(verbose_name='proposed source')),
                ('state', models.CharField(choices=[('open', 'open'), ('changes_asked', 'asked for changes'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', max_length=14, verbose_name='state')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='suggested')),
                ('due', models.DateField(blank=True, null=True, verbose_name='due')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='assets.asset', verbose_name='asset')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to=settings.AUTH_USER_MODEL, verbose_name='suggested by')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version', verbose_name='suggested on')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('merged_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_suggestions', to='assets.version', verbose_name='in version')),
                ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='for')),
            ],
            options={
                'verbose_name': 'suggestion',
                'verbose_name_plural': 'suggestions',
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='SuggestionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='comment')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='line')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='assets.suggestion', verbose_name='suggestion')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ('created_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='VersionCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('type', models.CharField(max_length=12, verbose_name='type')),
                ('prompt', models.TextField(verbose_name='question')),
                ('data', models.JSONField(verbose_name='content')),
                ('content_hash', models.BinaryField(max_length=32)),
                ('check_identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_versions', to='assets.check', verbose_name='check')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='assets.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'check in a version',
                'verbose_name_plural': 'checks in versions',
                'ordering': ('version', 'position'),
            },
        ),
        migrations.CreateModel(
            name='VersionCheckOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.outcome')),
                ('version_check', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcome_links', to='assets.versioncheck')),
            ],
        ),
        migrations.AddField(
            model_name='versioncheck',
            name='outcomes',
            field=models.ManyToManyField(related_name='+', through='assets.VersionCheckOutcome', to='assets.outcome'),
        ),
        migrations.CreateModel(
            name='VersionMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.mediafile', verbose_name='file')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='media', to='assets.version', verbose_name='version')),
            ],
        ),
        migrations.CreateModel(
            name='VersionOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_versions', to='assets.outcome', verbose_name='outcome')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcome_links', to='assets.version', verbose_name='version')),
            ],
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gate', models.CharField(max_length=60, verbose_name='gate')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='assets.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'waiver',
                'verbose_name_plural': 'waivers',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('asset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='draft', serialize=False, to='assets.asset', verbose_name='asset')),
                ('source', models.TextField(verbose_name='source')),
                ('edit', models.PositiveIntegerField(default=1, verbose_name='edit')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='saved')),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.version', verbose_name='based on')),
                ('updated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
            },
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('asset', 'key'), name='check_key_once'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(fields=['collection', 'title'], name='asset_by_collection'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('retired_at', None)), fields=['review_by'], name='asset_to_review'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['guide', 'checklist', 'video', 'scenario', 'practice', 'link', 'snippet', 'pathway'])), name='asset_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('translation_of', models.F('id')), _negated=True), name='asset_not_its_own_translation'),
        ),
        migrations.AddConstraint(
            model_name='collectionmember',
            constraint=models.UniqueConstraint(fields=('collection', 'user', 'role'), name='collection_member_once'),
        ),
        migrations.AddConstraint(
            model_name='collectionmember',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['author', 'reviewer'])), name='collection_role_known'),
        ),
        migrations.AddConstraint(
            model_name='media',
            constraint=models.UniqueConstraint(fields=('asset', 'name'), name='media_name_once'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='outcome_not_its_own_parent'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='version_search'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('asset', 'number'), name='version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='version_number_from_one'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('change_class__in', ['editorial', 'material'])), name='version_class_known'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.UniqueConstraint(fields=('version', 'kind', 'position', 'target'), name='dependency_once'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['item', 'link', 'snippet'])), name='dependency_kind_known'),
        ),
        migrations.AddIndex(
            model_name='reviewflag',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['asset'], name='review_flag_open_by_asset'),
        ),
        migrations.AddConstraint(
            model_name='reviewflag',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['outdated', 'wrong', 'unclear', 'broken'])), name='review_flag_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reviewflag',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('version', 'raised_by', 'kind'), name='review_flag_once'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('state__in', ['open', 'changes_asked'])), fields=['asset'], name='suggestion_pending_by_asset'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'changes_asked', 'accepted', 'declined', 'withdrawn'])), name='suggestion_state_known'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='suggestion_declined_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='versioncheckoutcome',
            constraint=models.UniqueConstraint(fields=('version_check', 'outcome'), name='version_check_outcome_once'),
        ),
        migrations.AddConstraint(
            model_name='versioncheck',
            constraint=models.UniqueConstraint(fields=('version', 'check_identity'), name='version_check_once'),
        ),
        migrations.AddConstraint(
            model_name='versionmedia',
            constraint=models.UniqueConstraint(fields=('version', 'name'), name='version_media_once'),
        ),
        migrations.AddConstraint(
            model_name='versionoutcome',
            constraint=models.UniqueConstraint(fields=('version', 'outcome'), name='version_outcome_once'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(fields=('version', 'gate'), name='waiver_once'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='waiver_has_reason'),
        ),
    ]
