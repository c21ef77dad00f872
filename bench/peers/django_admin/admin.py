"""The admin as its documentation would set it up for a large table."""

from django.contrib import admin
from django_admin.models import System


@admin.register(System)
class SystemAdmin(admin.ModelAdmin):
    list_display = (
        "product", "version", "seats", "serial", "account_no", "account_name",
        "activated_on", "next_payment_on", "period", "status",
    )  # fmt: skip
    list_filter = ("product", "period", "status")
    search_fields = ("search",)
    list_per_page = 50
    show_full_result_count = False
