@IP-60
Feature: A booking is sent when it starts soon

  Scenario: A stay that begins in two hours
    When a stay that begins in 2 hours is booked
    Then it is sent within 15 minutes

  Scenario: A stay that begins in more than 72 hours
    When a stay that begins in 72 hours and 20 minutes is booked
    Then it is not sent more than 72 hours before it begins
    And it is sent before it begins

  Scenario: A stay that begins a little later than it is said to be sent
    Given the partner says how long before the arrival it sends a stay
    When a stay is booked that begins 20 minutes more than that from now
    Then it is sent within 15 minutes of that
