"""Scales: a decoder per protocol (pure), and the weighing state machine that turns readings into a settled weight."""
