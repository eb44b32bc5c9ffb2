"""What the client scripts share: errors as values."""


def error_of(work):
    """Class and first line of the error that ``work`` raises; None when it raises none."""
    try:
        work()
    except Exception as error:
        return [type(error).__name__, str(error)]
    return None
