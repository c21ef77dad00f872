"""The systems, with an index on every column that the admin sorts or filters by."""

from django.db import models


class System(models.Model):
    product = models.CharField(max_length=20, db_index=True)
    version = models.CharField(max_length=20)
    seats = models.IntegerField(db_index=True)
    serial = models.CharField(max_length=40, db_index=True)
    account_no = models.CharField(max_length=20, db_index=True)
    account_name = models.CharField(max_length=600, db_index=True)
    activated_on = models.DateField(null=True, db_index=True)
    next_payment_on = models.DateField(null=True, db_index=True)
    period = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    # What people search by, in one column: one trigram index finds it all.
    search = models.TextField()

    class Meta:
        app_label = "django_admin"

    def __str__(self) -> str:
        return self.serial
