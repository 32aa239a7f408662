@IP-31
Feature: Valid but unusual email addresses are not refused

  Scenario: Addresses that every validator takes
    Given a guest's stay was booked
    And the partner sends email addresses
    When guests with unusual email addresses book stays
    Then each of these addresses reached Inlet
