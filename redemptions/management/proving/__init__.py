"""`manage.py prove`: races on a project of its own, and what must be true of it afterwards.

`scenarios` has one file for each story, `invariants` what holds whatever happened, and `mutations`
the guards that can be taken out of a run, which must then fail.
"""
