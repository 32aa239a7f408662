@IP-23
Feature: Support is contacted after 30 minutes without success

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then support was told of "<case>" between 30 and 40 minutes after the first attempt
    And what support was told of "<case>" names the time, the lock, the reference and the error

    Examples:
      | case                                  |
      | the upstream never answers            |
      | the upstream answers after 40 minutes |

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then support was not told of "<case>"

    Examples:
      | case                                         |
      | the upstream answers after 20 minutes        |
      | the connection breaks for 20 minutes         |
      | the access is made and the answer times out  |
      | the access is made and the connection breaks |
      | the booking is cancelled meanwhile           |
      | the booking is changed meanwhile             |
      | the stay is made shorter meanwhile           |
      | the guest moves meanwhile                    |
      | Inlet says nothing for 20 minutes            |
      | the update times out for 20 minutes          |
      | the revocation times out for 20 minutes      |

  Scenario: Messages that name nothing
    Given the retry laboratory has run its course
    Then support was told nothing that could be about an access within its first 30 minutes
