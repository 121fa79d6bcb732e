"""The REST API: the same sequences as on the page Outreach, for programs; not tried live with a paid model."""
