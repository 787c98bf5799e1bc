"""Life courses in continuous time: draws, hazards, agenda, recorder.

The engine knows nothing of schools, carers or organs. Its parts are small
compiled functions; ``plain`` says the same in readable Python.
"""
