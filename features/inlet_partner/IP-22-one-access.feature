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
      | Inlet says nothing for 20 minutes            |
      | the access is made and the answer times out  |
      | the access is made and the connection breaks |

  Scenario: The upstream answers after 40 minutes
    Given the retry laboratory has run its course
    Then "the upstream answers after 40 minutes" is granted once, where it is granted at all

  Scenario: The update times out for 20 minutes
    Given the retry laboratory has run its course
    Then no attempt of "the update times out for 20 minutes" follows its success
    And exactly one access of "the update times out for 20 minutes" exists in the end
    And the access of "the update times out for 20 minutes" is for the changed stay

  Scenario: The revocation times out for 20 minutes
    Given the retry laboratory has run its course
    Then no attempt of "the revocation times out for 20 minutes" follows its success
    And no access of "the revocation times out for 20 minutes" exists in the end
