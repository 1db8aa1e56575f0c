"""The web page and the API: an address goes in, a page of HTML, JSON, CSV or Atom comes out.

A front process takes requests (`app`, `guard`, `login`); worker processes that can be killed answer them (`workers`,
`desk`). A view is one function from what was asked to a `View`, which each format prints in its way.
"""
