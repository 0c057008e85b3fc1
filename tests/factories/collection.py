import factory

from rewards.models import CollectionMember, CollectionType, ProductCollection


class CollectionFactory(factory.django.DjangoModelFactory):
    """`members` are products and SKUs of a STATIC collection; a `filter` makes it AUTO_UPDATE."""

    class Meta:
        model = ProductCollection
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Arabica {n}")
    filter = None
    type = factory.LazyAttribute(
        lambda row: CollectionType.STATIC if row.filter is None else CollectionType.AUTO_UPDATE
    )

    @factory.post_generation
    def members(self, _create, given, **_options):
        for row in given or ():
            CollectionMember.objects.create(collection=self, **{row._meta.model_name: row})
