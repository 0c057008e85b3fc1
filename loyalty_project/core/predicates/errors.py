"""What is wrong with a condition that somebody wants to save."""

from typing import TYPE_CHECKING

from loyalty_project.core.errors import Invalid

if TYPE_CHECKING:
    from loyalty_project.core.formulas import InvalidFormula


class InvalidCondition(Invalid):
    """A rule that could never be evaluated; `details` names the rule, its field and the problem.

    `formula` is what is wrong with the formula of the field, where that is it.
    """

    key = "invalid_validation_rules"
    message = "Invalid Validation Rule Definition"

    def __init__(self, where: str, problem: str, formula: "InvalidFormula | None" = None) -> None:
        self.where = where
        self.problem = problem
        self.formula = formula
        super().__init__(f"{where} {problem}" if where else problem)
