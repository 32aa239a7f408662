@IP-23
Feature: Support is contacted after 30 minutes without success

  Scenario: The upstream never answers
    Given the retry laboratory has run its course
    Then support was told of "the upstream never answers" between 30 and 40 minutes after the first attempt
    And what support was told names the time, the lock, the reference and the error

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then support was not told of "<case>"

    Examples:
      | case                                         |
      | the upstream answers after 20 minutes        |
      | the connection breaks for 20 minutes         |
      | the access is made and the answer times out  |
      | the access is made and the connection breaks |
