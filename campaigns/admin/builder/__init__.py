"""The rule builder: published documents as rows that people read and edit, and back.

`facts`, `operators` and `vocabulary` say what may be asked and how it is called; `opening` turns a
document into a draft of rows, `closing` a draft into a document with the errors at its rows. What
a row cannot show is kept in the draft as it is.
"""
