@IP-61
Feature: A change becomes an update, a cancellation a revocation

  Scenario: A stay is made longer
    Given the partner declares the change "extend"
    And a stay that can still be changed was booked
    When the guest's stay is made longer
    Then Inlet received an update of that access
    And no second access was asked for

  Scenario: A stay is cancelled
    Given the partner declares the change "cancel"
    And a stay that can still be changed was booked
    When the guest's stay is cancelled
    Then Inlet received a revocation of that access
    And no access of the stay exists
