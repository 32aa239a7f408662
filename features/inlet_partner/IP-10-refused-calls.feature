@IP-10
Feature: Errors are read and acted on

  Scenario: Refusals for good
    Given behind Inlet one lock is full, one cannot be reached, and one takes no such access
    When a guest's stay behind each of these doors is booked
    Then no refused call is repeated unchanged within an hour
    And for each a corrected call follows, or the partner flags the booking

  Scenario: A code that cannot be revoked
    Given the partner declares the change "cancel"
    And a stay was granted by a code that its lock does not let go of
    When the stay is cancelled all the same
    Then no refused call is repeated unchanged within an hour
    And for each a corrected call follows, or the partner flags the booking

  Scenario: Later, please
    Given Inlet answers once that it was one call too many, to be repeated after 60 seconds
    And the lock system behind Inlet is busy with another door for five minutes
    When a guest's stay behind each of these doors is booked
    Then the next call about each comes no sooner than it was told to
    And each of these stays is granted in the end
