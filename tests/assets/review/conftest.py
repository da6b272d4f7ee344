"""An asset with a version, Ada who keeps it, Sam who knows the subject, Bo who learns."""

from dataclasses import dataclass

import pytest

from assets.models import Asset, CollectionMember, Version
from people.models import User
from tests.assets.factories import make_version
from tests.factories import PersonFactory


@dataclass
class Desk:
    asset: Asset
    version: Version
    ada: User  # author of the collection, owner of the asset
    sam: User  # SME: may suggest anywhere, reviews nowhere
    bo: User  # learner
    lea: User  # lead


@pytest.fixture
def desk(db: None) -> Desk:
    version = make_version()
    asset = version.asset
    ada = PersonFactory(username="ada", first_name="Ada", last_name="Moss", role="author")
    sam = PersonFactory(username="sam", first_name="Sam", last_name="Idris", role="sme")
    bo = PersonFactory(username="bo", first_name="Bo", last_name="Reed", role="learner")
    lea = PersonFactory(username="lea", first_name="Lea", last_name="Marsh", role="lead")
    CollectionMember.objects.create(collection=asset.collection, user=ada, role="author")
    asset.owner = ada
    asset.save(update_fields=["owner"])
    return Desk(asset, version, ada, sam, bo, lea)
