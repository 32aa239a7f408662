@IP-10
Feature: Errors are read and acted on

  Scenario: A refusal for good
    Given Inlet refuses every call about a door as invalid
    When a guest's stay behind that door is booked
    Then the refused call is not repeated unchanged within an hour
    And a corrected call follows, or the partner flags the booking

  Scenario: One call too many
    Given Inlet answers once that it was one call too many, to be repeated after 60 seconds
    When a guest's stay behind that door is booked
    Then the next call about it comes no sooner than it was told to
    And the stay is granted in the end
