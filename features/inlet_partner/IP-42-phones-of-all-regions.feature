@IP-42
Feature: Valid phone numbers of all regions are not refused

  Scenario: Example numbers of the regions
    Given a guest's stay was booked
    And the partner sends phone numbers
    When guests with phone numbers of all regions book stays
    Then each of these numbers reached Inlet
