@IP-72
Feature: The load that the partner states is handled

  Scenario: The stated load
    Given the partner states a load
    When that many stays are booked in that time
    Then the bookings were taken in that time
    And each is granted once, and Inlet answered no call with an error
