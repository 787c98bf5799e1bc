"""From lives to tables, figures, sentences and pages. Asks nothing of the engine."""
