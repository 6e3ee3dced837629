"""The attack on small panels (SECURITY S10): what is published, and a solver that knows nothing else."""
