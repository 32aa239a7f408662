@IP-30
Feature: No malformed email address reaches Inlet

  Scenario: Addresses that no validator takes
    Given a guest's stay was booked
    And the partner sends email addresses
    When guests with malformed email addresses book stays
    Then none of these addresses reached Inlet

  @afterwards
  Scenario: What followed until the end of the run
    Given the partner sends email addresses
    And guests with malformed email addresses booked stays
    Then none of these addresses reached Inlet
