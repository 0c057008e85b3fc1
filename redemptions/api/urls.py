"""Endpoints of redemptions."""

from django.urls import URLPattern

v1: list[URLPattern] = []
client_v1: list[URLPattern] = []
