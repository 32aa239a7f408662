@IP-25
Feature: A pending retry creates no stale access

  Scenario: The booking is cancelled while its retry is pending
    Given the retry laboratory has run its course
    Then no attempt of "the booking is cancelled meanwhile" follows its cancellation
    And no access of "the booking is cancelled meanwhile" exists in the end

  Scenario: The booking is changed while its retry is pending
    Given the retry laboratory has run its course
    Then no attempt of "the booking is changed meanwhile" asks for the stay as it was
    And exactly one access of "the booking is changed meanwhile" exists in the end
    And the access of "the booking is changed meanwhile" is for the changed stay

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then no attempt of "<case>" asks for the stay as it was
    And no attempt of "<case>" follows its success
    And exactly one access of "<case>" exists in the end
    And the access of "<case>" is for the changed stay

    Examples:
      | case                               |
      | the stay is made shorter meanwhile |
      | the guest moves meanwhile          |
