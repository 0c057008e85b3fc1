"""What is wrong with a condition that somebody wants to save."""

from loyalty_project.core.errors import Invalid


class InvalidCondition(Invalid):
    """A rule that could never be evaluated; `details` names the rule, its field and the problem."""

    key = "invalid_validation_rules"
    message = "Invalid Validation Rule Definition"

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        self.problem = problem
        super().__init__(f"{where} {problem}" if where else problem)
