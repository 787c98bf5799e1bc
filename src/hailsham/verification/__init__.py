"""The engine against exact answers.

29 problems of survival, competing risks, states, queues and births have
answers that are known to nine digits or more. Each is simulated here from the
engine's own draws, hazards and agenda, by code that never sees the answer, and
``comparison`` says how many standard errors lie between the two.
"""
