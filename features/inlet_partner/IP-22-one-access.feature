@IP-22
Feature: Success ends the retries, and one access exists

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then no attempt of "<case>" follows its success
    And exactly one access of "<case>" exists in the end

    Examples:
      | case                                         |
      | the upstream answers after 20 minutes        |
      | the connection breaks for 20 minutes         |
      | the access is made and the answer times out  |
      | the access is made and the connection breaks |
