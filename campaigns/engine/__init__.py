"""The meaning of a campaign: pure functions over frozen dataclasses.

`evaluate.evaluate(context.Context) -> results.Evaluation` is the whole interface. Nothing in this
package imports Django, reads a clock or changes an argument.
"""
