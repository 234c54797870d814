"""That `sfumato bench` measures something real."""
