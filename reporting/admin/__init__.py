"""Reports, and what reporting adds to the pages of other apps."""

from reporting.admin import campaign_figures, comparison, movements

__all__ = ["campaign_figures", "comparison", "movements"]
