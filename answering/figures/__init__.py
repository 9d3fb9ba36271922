"""Figures that are asked for, answered from the facts of the register: the thing, place, state and period bound."""
