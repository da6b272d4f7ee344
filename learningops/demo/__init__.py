"""The demo organisation: a support desk with its people, library, releases and a few weeks of use."""
