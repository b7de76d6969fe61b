"""Thresholds: every number by which an alarm is raised or not."""

VISITS = 500  # the newest so many of an outlet are compared
HISTORY = 5  # visits that there must have been before one can be unusual
GROUP = 10  # articles (or pages, or responses) whose share is one measurement of what is usual
GROUPS = 3  # measurements that there must be
USUAL = 0.9  # of all measurements are usual: rarer ones, such as one bad day in two weeks, are not
MARGIN = 0.2  # by so much a share must surpass what is usual
SURE = 3.0  # and for certain by so many standard errors
LEAST = 5  # articles that a share is told of
MOST = 60  # articles are enough to tell a share; older ones are not added to the newest
SILENT_VISITS = 3  # in a row without a new article, at least
SILENCE = 2.0  # times the longest time that ever passed between two visits with new articles
ACQUAINTED = 7  # days; an outlet watched for less may have silent nights, or a weekend, that nobody has seen yet
OUTAGES = 3  # visits in a row whose listings, or robots.txt, cannot be had: fewer are ordinary bad days
EMPTY = 2  # visits in a row with listings that list nothing
