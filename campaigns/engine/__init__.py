"""The meaning of a campaign: pure functions over frozen dataclasses.

    effects.read(document), rules.read(document, rule_id=…)   what was saved, checked and compiled
    rules.assign(redeemable, rules)                           a redeemable under its rules
    rules.needs(redeemable, context), limits.counters(…)      the counts that the loader must bring
    evaluate.evaluate(context) -> results.Evaluation          what applies, and why not the rest
    explain.explain(context)                                  every check, and what would help
    best.best(context)                                        the combination that saves the most
    index.Index(redeemables).candidates(context)              which of thousands can match at all

Nothing in this package imports Django, reads a clock or changes an argument.
"""
